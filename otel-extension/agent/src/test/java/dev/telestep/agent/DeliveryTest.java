package dev.telestep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.agent.OtlpSink.Point;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mapping and delivery, through the real exporters to a real socket. */
class DeliveryTest {

  private static final RunIdentity RUN = new RunIdentity("run-1", "attempt-1", null);

  @TempDir Path directory;
  private final OtlpSink sink = new OtlpSink();
  private final AtomicInteger pauses = new AtomicInteger();
  private final Mapper mapper =
      new Mapper(Resource.create(Attributes.builder().put("host.name", "h").build()), 10_000);
  private final Exporters exporters =
      new Exporters(
          OtlpHttpMetricExporter.builder()
              .setEndpoint(sink.endpoint() + "/v1/metrics")
              .setRetryPolicy(null)
              .build(),
          OtlpHttpLogRecordExporter.builder()
              .setEndpoint(sink.endpoint() + "/v1/logs")
              .setRetryPolicy(null)
              .build());
  private Quarantine quarantine;
  private Delivery delivery;

  @BeforeEach
  void prepare() {
    quarantine = new Quarantine(directory);
    delivery =
        new Delivery(
            () -> exporters,
            millis -> {
              if (millis > 0 && pauses.incrementAndGet() == 3) {
                sink.answerWith(points -> 200);
              }
              return pauses.get() < 10;
            },
            quarantine);
  }

  @AfterEach
  void close() {
    exporters.close();
    sink.close();
  }

  @Test
  void row_isMappedExactly_withItsStepAndTexts() {
    Entry row =
        new Entry(
            Entry.Kind.METRICS,
            new RunIdentity("run-1", "attempt-1", 3L),
            1_700_000_000_000_000_001L,
            42,
            7,
            true,
            false,
            0,
            "",
            "",
            Value.of(
                KeyValue.of("loss", Value.of(0.1)),
                KeyValue.of("count", Value.of(5L)),
                KeyValue.of("list", Value.of(Value.of(1.5), Value.of(2L))),
                KeyValue.of("note", Value.of("warm")),
                KeyValue.of("flag", Value.of(true))),
            Attributes.empty());
    assertThat(delivery.deliver(List.of(EntryDecoder.decode(EntryEncoder.encode(row))), mapper))
        .isTrue();

    assertThat(sink.metric("training.metric").stream().map(DeliveryTest::describe))
        .containsExactlyInAnyOrder(
            "loss=0.1@1 overwrite",
            "count=5.0@1 overwrite",
            "list=1.5@1 overwrite",
            "list=2.0@2",
            "step=42.0@1",
            "step=43.0@2");
    assertThat(sink.points)
        .allMatch(point -> point.text("training.rank").equals("3"))
        .allMatch(point -> point.text("training.run.attempt").equals("attempt-1"))
        .allMatch(point -> "h".equals(point.resource().get("host.name")))
        .allMatch(point -> "run-1".equals(point.resource().get("training.run.id")));
    assertThat(sink.metric("training.run.rows")).extracting(Point::value).containsExactly(7.0);
    OtlpSink.Log text = sink.events("training.metrics").get(0);
    assertThat(text.body()).isEqualTo(Map.of("note", "warm", "flag", true));
    assertThat(text.attributes())
        .containsEntry("training.step", 42L)
        .containsEntry("training.row", 7L)
        .containsEntry("training.overwrite", true);
  }

  @Test
  void outage_isWaitedOut() {
    sink.answerWith(points -> 503);
    assertThat(delivery.deliver(rows(100), mapper)).isTrue();
    assertThat(pauses).hasValue(3);
    assertThat(values()).hasSize(100);
    assertThat(quarantine.count()).isZero();
  }

  @Test
  void outage_keepsEverything_whenTimeIsOver() {
    pauses.set(5);
    sink.answerWith(points -> 401);
    assertThat(delivery.deliver(rows(3), mapper)).isFalse();
    assertThat(quarantine.count()).isZero();
  }

  @Test
  void poison_isIsolated_andTheRestIsDelivered() throws IOException {
    sink.answerWith(points -> points.stream().anyMatch(point -> point.value() == 37) ? 400 : 200);
    assertThat(delivery.deliver(rows(100), mapper)).isTrue();
    assertThat(values()).hasSize(99).doesNotContain(37.0);
    assertThat(quarantine.count()).isEqualTo(1);
    assertThat(Files.readString(directory.resolve("quarantine.log")))
        .contains("the receiver answered 400", "run-1/attempt-1");
  }

  @Test
  void start_goesFirst_andEndGoesLast() {
    List<Entry> entries = new ArrayList<>();
    entries.add(event(Entry.Kind.START, KeyValue.of("name", Value.of("a"))));
    entries.addAll(rows(2));
    entries.add(event(Entry.Kind.END, KeyValue.of("status", Value.of("finished"))));
    assertThat(delivery.deliver(entries, mapper)).isTrue();
    assertThat(sink.requests)
        .containsExactly("logs training.run.start", "metrics", "logs training.run.end");
    assertThat(sink.metric("training.run.info").get(0).text("training.run.name")).isEqualTo("a");
  }

  @Test
  void progressAndParameters_areGauges() {
    delivery.deliver(
        List.of(
            event(Entry.Kind.PROGRESS, KeyValue.of("epoch", Value.of(2.5))),
            event(Entry.Kind.PARAMETERS, KeyValue.of("lr", Value.of(0.01)))),
        mapper);
    Point progress = sink.metric("training.progress").get(0);
    assertThat(progress.value()).isEqualTo(2.5);
    assertThat(progress.text("training.progress.kind")).isEqualTo("epoch");
    assertThat(sink.metric("training.parameter").get(0).text("training.parameter.value"))
        .isEqualTo("0.01");
  }

  @Test
  void otherRunsOfTheProcess_doNotTakeItsNameAndProject() {
    Mapper named =
        new Mapper(
            Resource.create(
                Attributes.builder()
                    .put("training.run.id", "other")
                    .put("training.run.name", "name of the other")
                    .build()),
            0);
    delivery.deliver(rows(1), named);
    assertThat(sink.points.get(0).resource()).isEqualTo(Map.of("training.run.id", "run-1"));
  }

  private static List<Entry> rows(int count) {
    List<Entry> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          new Entry(
              Entry.Kind.METRICS,
              RUN,
              1000L + i,
              0,
              Entry.NONE,
              false,
              false,
              0,
              "",
              "",
              Value.of(KeyValue.of("value", Value.of((double) i))),
              Attributes.empty()));
    }
    return rows;
  }

  private static Entry event(Entry.Kind kind, KeyValue item) {
    return Entry.of(kind, RUN, 500, Value.of(item), Attributes.empty());
  }

  private List<Double> values() {
    return sink.metric("training.metric").stream()
        .filter(point -> point.text("training.metric.key").equals("value"))
        .map(Point::value)
        .distinct()
        .collect(Collectors.toList());
  }

  private static String describe(Point point) {
    return point.text("training.metric.key")
        + "="
        + point.value()
        + "@"
        + point.time() % 10
        + (point.attributes().containsKey("training.overwrite") ? " overwrite" : "");
  }
}
