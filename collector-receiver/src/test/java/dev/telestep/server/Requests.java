package dev.telestep.server;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.jspecify.annotations.NullMarked;

/** Small OTLP requests. */
@NullMarked
final class Requests {

  private Requests() {}

  /** One point of {@code training.metric} with a key and its step beside it. */
  static ExportMetricsServiceRequest metric(String runId, String key, long step, double value) {
    Gauge.Builder gauge =
        Gauge.newBuilder()
            .addDataPoints(point(runId, key).setAsDouble(value))
            .addDataPoints(point(runId, "step").setAsDouble((double) step));
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(
                            Metric.newBuilder().setName("training.metric").setGauge(gauge))))
        .build();
  }

  static ExportLogsServiceRequest line(String runId, String body) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .addScopeLogs(
                    ScopeLogs.newBuilder()
                        .addLogRecords(
                            LogRecord.newBuilder()
                                .setTimeUnixNano(1_700_000_000_000_000_000L)
                                .addAttributes(text("training.run.id", runId))
                                .setBody(AnyValue.newBuilder().setStringValue(body)))))
        .build();
  }

  private static NumberDataPoint.Builder point(String runId, String key) {
    return NumberDataPoint.newBuilder()
        .setTimeUnixNano(1_700_000_000_000_000_000L)
        .addAttributes(text("training.run.id", runId))
        .addAttributes(text("training.metric.key", key));
  }

  private static KeyValue text(String name, String value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
