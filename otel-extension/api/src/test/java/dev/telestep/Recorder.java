package dev.telestep;

import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A real SDK that keeps what it is given. */
final class Recorder {

  final InMemoryLogRecordExporter exporter = InMemoryLogRecordExporter.create();
  final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setLoggerProvider(
              SdkLoggerProvider.builder()
                  .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
                  .build())
          .build();

  /** Settings that are all absent. */
  static RunBuilder builder(Map<String, String> settings) {
    return new RunBuilder(settings::get);
  }

  Run start() {
    return builder(Map.of()).name("test").openTelemetry(sdk).start();
  }

  List<LogRecordData> events(String name) {
    return exporter.getFinishedLogRecordItems().stream()
        .filter(event -> name.equals(event.getEventName()))
        .collect(Collectors.toList());
  }

  LogRecordData only(String name) {
    List<LogRecordData> events = events(name);
    if (events.size() != 1) {
      throw new AssertionError("expected one " + name + ": " + events);
    }
    return events.get(0);
  }

  List<LogRecordData> rows() {
    return events(TrainingEvents.METRICS);
  }

  List<Long> steps() {
    return rows().stream().map(Recorder::step).collect(Collectors.toList());
  }

  List<Map<String, Object>> bodies() {
    return rows().stream().map(Recorder::body).collect(Collectors.toList());
  }

  static long step(LogRecordData row) {
    return number(row, TrainingAttributes.STEP);
  }

  static long number(LogRecordData row, String attribute) {
    return Objects.requireNonNull(
        row.getAttributes().get(AttributeKey.longKey(attribute)), attribute);
  }

  @SuppressWarnings("unchecked") // the body of an event is a map
  static Map<String, Object> body(LogRecordData event) {
    Map<String, Object> body = new LinkedHashMap<>();
    Object entries = Objects.requireNonNull(event.getBodyValue()).getValue();
    for (KeyValue entry : (List<KeyValue>) entries) {
      body.put(entry.getKey(), entry.getValue().getValue());
    }
    return body;
  }
}
