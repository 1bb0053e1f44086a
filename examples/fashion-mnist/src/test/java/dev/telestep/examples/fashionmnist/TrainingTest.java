package dev.telestep.examples.fashionmnist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.Run;
import dev.telestep.Telestep;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingTest {

  private static final AttributeKey<Long> STEP = AttributeKey.longKey("training.step");

  private final InMemoryLogRecordExporter events = InMemoryLogRecordExporter.create();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setLoggerProvider(
              SdkLoggerProvider.builder()
                  .addLogRecordProcessor(SimpleLogRecordProcessor.create(events))
                  .build())
          .build();
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();

  @AfterEach
  void closeTelemetry() {
    telemetry.close();
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void loss_falls_inTwoEpochs(Variant variant) throws IOException {
    int stepsPerEpoch = train(variant.hyperparameters());

    List<Map<String, Object>> epochs = rows("val/loss");
    assertThat(epochs).hasSize(2);
    assertThat(number(epochs.get(1), "val/loss")).isLessThan(number(epochs.get(0), "val/loss"));
    assertThat(number(epochs.get(1), "train/loss")).isLessThan(number(epochs.get(0), "train/loss"));
    assertThat(number(epochs.get(1), "val/accuracy")).isBetween(0.4, 1.0);
    assertThat(epochs).extracting(row -> row.get("step")).containsExactly(16L, 32L);
    assertThat(rows("learning_rate")).hasSize(2 * stepsPerEpoch);
  }

  @Test
  void sameSeed_givesTheSameCurve() throws IOException {
    train(Variant.REGULARIZED.hyperparameters());
    List<Map<String, Object>> first = rows("loss");
    events.reset();
    train(Variant.REGULARIZED.hyperparameters());

    assertThat(first).hasSize(32);
    assertThat(rows("loss")).isEqualTo(first);
  }

  @Test
  void learningRate_warmsUpAndFalls_onTheCosineSchedule() {
    try (Network network = new Network(Variant.REGULARIZED.hyperparameters(), 400)) {
      assertThat(network.learningRate(1)).isLessThan(0.001);
      assertThat(network.learningRate(21)).isGreaterThan(0.0029);
      assertThat(network.learningRate(200)).isBetween(0.001, 0.0025);
      assertThat(network.learningRate(400)).isBetween(0.0, 0.0001);
    }
  }

  @Test
  void console_saysALinePerEpoch() throws IOException {
    train(Variant.BASELINE.hyperparameters());

    assertThat(console.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).matches("epoch  \\d/2  train loss .* val loss .* s"));
  }

  private int train(Hyperparameters plan) throws IOException {
    Training training =
        new Training(
            plan,
            Images.training().first(1_000),
            Images.validation().first(300),
            2,
            new PrintStream(console, true, StandardCharsets.UTF_8));
    try (Run run = Telestep.run("test").openTelemetry(telemetry).start()) {
      training.train(run);
      run.finish();
      return training.stepsPerEpoch();
    }
  }

  /** Rows that have this key, each with its step; only what does not depend on the clock. */
  private List<Map<String, Object>> rows(String key) {
    return events.getFinishedLogRecordItems().stream()
        .filter(event -> "training.metrics".equals(event.getEventName()))
        .map(TrainingTest::row)
        .filter(row -> row.containsKey(key))
        .toList();
  }

  private static Map<String, Object> row(LogRecordData event) {
    Map<String, Object> row = new HashMap<>();
    Value<?> body = event.getBodyValue();
    if (body != null && body.getValue() instanceof List<?> entries) {
      for (Object entry : entries) {
        KeyValue pair = (KeyValue) entry;
        row.put(pair.getKey(), pair.getValue().getValue());
      }
    }
    row.put("step", event.getAttributes().get(STEP));
    return row;
  }

  private static double number(Map<String, Object> row, String key) {
    return ((Number) Objects.requireNonNull(row.get(key), key)).doubleValue();
  }
}
