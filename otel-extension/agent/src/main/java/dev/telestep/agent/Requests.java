package dev.telestep.agent;

import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.ArrayList;
import java.util.List;

/**
 * The up to three requests of one batch, in the order in which they must arrive: starts, texts and
 * lines; then the numbers; then the ends.
 */
final class Requests {

  final List<LogRecordData> before = new ArrayList<>();
  final List<MetricData> metrics = new ArrayList<>();
  final List<LogRecordData> after = new ArrayList<>();
}
