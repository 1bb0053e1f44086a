package dev.telestep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.telestep.model.RunRecord;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What OpenTelemetry's own SDK and exporters send without knowing of us. */
class StockSdkTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void reset() {
    server.store.reset();
  }

  @Test
  void gaugesBesideAStepGauge_overGrpc_areOneRow() {
    export(OtlpGrpcMetricExporter.builder().setEndpoint(server.grpcUrl()).build());
    assertOneRow();
  }

  @Test
  void gaugesBesideAStepGauge_overHttpWithGzip_areOneRow() {
    export(
        OtlpHttpMetricExporter.builder()
            .setEndpoint(server.httpUrl() + "/v1/metrics")
            .setCompression("gzip")
            .build());
    assertOneRow();
  }

  private static void export(MetricExporter exporter) {
    Resource resource =
        Resource.create(Attributes.of(AttributeKey.stringKey("training.run.id"), "r1"));
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build()) {
      Meter meter = provider.get("training");
      meter.gaugeBuilder("loss").build().set(0.5);
      meter.gaugeBuilder("accuracy").build().set(0.9);
      meter.gaugeBuilder("step").ofLongs().build().set(7);
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  private static void assertOneRow() {
    List<RunRecord.Numbers> numbers =
        server.store.written.get(0).runs().get(0).records().stream()
            .filter(RunRecord.Numbers.class::isInstance)
            .map(RunRecord.Numbers.class::cast)
            .toList();
    assertThat(numbers)
        .extracting(n -> n.series().key(), n -> n.steps()[0], n -> n.values()[0])
        .containsExactlyInAnyOrder(tuple("loss", 7L, 0.5), tuple("accuracy", 7L, 0.9));
    assertThat(numbers.get(0).times()).isEqualTo(numbers.get(1).times());
  }
}
