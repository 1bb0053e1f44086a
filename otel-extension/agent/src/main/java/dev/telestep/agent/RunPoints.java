package dev.telestep.agent;

import dev.telestep.semconv.TrainingMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The points of one run in one request, by metric. */
final class RunPoints {

  private final RunIdentity run;
  private final Map<String, List<DoublePointData>> points = new LinkedHashMap<>();

  /** Highest row number seen, and when; 0 for none. */
  long rows;

  long rowsTime;

  RunPoints(RunIdentity run) {
    this.run = run;
  }

  void add(String metric, long time, double value, Attributes attributes) {
    points
        .computeIfAbsent(metric, name -> new ArrayList<>())
        .add(DoublePointData.create(0, time, attributes, value, List.of()));
  }

  void addTo(List<MetricData> metrics, Resource resource) {
    if (rows > 0) {
      add(TrainingMetrics.RUN_ROWS, rowsTime, (double) rows, run.attributes().build());
    }
    points.forEach((metric, list) -> metrics.add(new ExportedMetric(resource, metric, list)));
  }
}
