package dev.telestep.e2e;

import com.google.protobuf.ByteString;
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
import java.util.List;
import java.util.Map;

/** OTLP requests as stock SDKs and the extension send them, in few words. */
final class Otlp {

  private Otlp() {}

  /** A log record with an event name, a body map and attributes. */
  static LogRecord event(String name, long time, Map<String, ?> attributes, Map<String, ?> body) {
    return LogRecord.newBuilder()
        .setEventName(name)
        .setTimeUnixNano(time)
        .setObservedTimeUnixNano(time)
        .setBody(AnyValue.newBuilder().setKvlistValue(keyValues(body)))
        .addAllAttributes(keyValues(attributes).getValuesList())
        .build();
  }

  static ExportLogsServiceRequest logs(Map<String, ?> resource, LogRecord... records) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(resource(resource))
                .addScopeLogs(
                    ScopeLogs.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("test"))
                        .addAllLogRecords(List.of(records))))
        .build();
  }

  static ExportMetricsServiceRequest metrics(Map<String, ?> resource, Metric... metrics) {
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource(resource))
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("test"))
                        .addAllMetrics(List.of(metrics))))
        .build();
  }

  static Metric gauge(String name, NumberDataPoint... points) {
    return Metric.newBuilder()
        .setName(name)
        .setGauge(Gauge.newBuilder().addAllDataPoints(List.of(points)))
        .build();
  }

  static NumberDataPoint point(long time, double value, Map<String, ?> attributes) {
    return NumberDataPoint.newBuilder()
        .setTimeUnixNano(time)
        .setAsDouble(value)
        .addAllAttributes(keyValues(attributes).getValuesList())
        .build();
  }

  private static Resource resource(Map<String, ?> attributes) {
    return Resource.newBuilder().addAllAttributes(keyValues(attributes).getValuesList()).build();
  }

  private static KeyValueList keyValues(Map<String, ?> entries) {
    KeyValueList.Builder list = KeyValueList.newBuilder();
    entries.forEach(
        (key, value) ->
            list.addValues(KeyValue.newBuilder().setKey(key).setValue(anyValue(value))));
    return list.build();
  }

  private static AnyValue anyValue(Object value) {
    AnyValue.Builder any = AnyValue.newBuilder();
    if (value instanceof String text) {
      return any.setStringValue(text).build();
    }
    if (value instanceof Boolean flag) {
      return any.setBoolValue(flag).build();
    }
    if (value instanceof Integer || value instanceof Long) {
      return any.setIntValue(((Number) value).longValue()).build();
    }
    if (value instanceof Number number) {
      return any.setDoubleValue(number.doubleValue()).build();
    }
    if (value instanceof byte[] bytes) {
      return any.setBytesValue(ByteString.copyFrom(bytes)).build();
    }
    if (value instanceof List<?> list) {
      ArrayValue.Builder array = ArrayValue.newBuilder();
      list.forEach(item -> array.addValues(anyValue(item)));
      return any.setArrayValue(array).build();
    }
    throw new IllegalArgumentException("no OTLP value for " + value.getClass());
  }
}
