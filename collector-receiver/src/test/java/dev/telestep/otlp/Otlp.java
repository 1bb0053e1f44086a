package dev.telestep.otlp;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes OTLP requests of plain Java values, and decodes them. */
final class Otlp {

  static final long NOW = 1_700_000_000_000_000_000L;
  static final Map<String, Object> RUN = Map.of("training.run.id", "r1");

  private Otlp() {}

  static Decoded metrics(Map<String, Object> resource, Metric... metrics) {
    return metrics(resource, Map.of(), metrics);
  }

  static Decoded metrics(
      Map<String, Object> resource, Map<String, Object> scope, Metric... metrics) {
    ResourceMetrics.Builder all =
        ResourceMetrics.newBuilder()
            .setResource(Resource.newBuilder().addAllAttributes(attributes(resource)))
            .addScopeMetrics(
                ScopeMetrics.newBuilder()
                    .setScope(InstrumentationScope.newBuilder().addAllAttributes(attributes(scope)))
                    .addAllMetrics(List.of(metrics)));
    return OtlpDecoder.metrics(
        ExportMetricsServiceRequest.newBuilder().addResourceMetrics(all).build(),
        new UUID(0, 0),
        NOW);
  }

  static Metric gauge(String name, NumberDataPoint... points) {
    return Metric.newBuilder()
        .setName(name)
        .setGauge(Gauge.newBuilder().addAllDataPoints(List.of(points)))
        .build();
  }

  static NumberDataPoint point(long time, double value, Map<String, Object> attributes) {
    return NumberDataPoint.newBuilder()
        .setTimeUnixNano(time)
        .setAsDouble(value)
        .addAllAttributes(attributes(attributes))
        .build();
  }

  static NumberDataPoint point(long time, long value, Map<String, Object> attributes) {
    return point(time, 0.0, attributes).toBuilder().setAsInt(value).build();
  }

  /** A point of {@code training.metric}. */
  static NumberDataPoint row(long time, String key, double value) {
    return point(time, value, Map.of("training.metric.key", key));
  }

  static Decoded logs(Map<String, Object> resource, LogRecord... records) {
    ResourceLogs.Builder all =
        ResourceLogs.newBuilder()
            .setResource(Resource.newBuilder().addAllAttributes(attributes(resource)))
            .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(List.of(records)));
    return OtlpDecoder.logs(
        ExportLogsServiceRequest.newBuilder().addResourceLogs(all).build(), new UUID(0, 0), NOW);
  }

  static LogRecord event(
      String name, long time, Map<String, Object> attributes, Map<String, Object> body) {
    return LogRecord.newBuilder()
        .setEventName(name)
        .setTimeUnixNano(time)
        .addAllAttributes(attributes(attributes))
        .setBody(value(body))
        .build();
  }

  private static List<KeyValue> attributes(Map<String, ?> attributes) {
    return attributes.entrySet().stream()
        .map(
            entry ->
                KeyValue.newBuilder()
                    .setKey(entry.getKey())
                    .setValue(value(entry.getValue()))
                    .build())
        .toList();
  }

  private static AnyValue value(Object value) {
    AnyValue.Builder any = AnyValue.newBuilder();
    if (value instanceof String text) {
      any.setStringValue(text);
    } else if (value instanceof Boolean bool) {
      any.setBoolValue(bool);
    } else if (value instanceof Integer || value instanceof Long) {
      any.setIntValue(((Number) value).longValue());
    } else if (value instanceof Double number) {
      any.setDoubleValue(number);
    } else if (value instanceof List<?> list) {
      any.setArrayValue(
          ArrayValue.newBuilder().addAllValues(list.stream().map(Otlp::value).toList()));
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      map.forEach((key, entry) -> entries.put((String) key, entry));
      any.setKvlistValue(KeyValueList.newBuilder().addAllValues(attributes(entries)));
    }
    return any.build();
  }
}
