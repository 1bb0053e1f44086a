package dev.telestep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.agent.journal.MemoryJournal;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SenderTest {

  private static final RunIdentity RUN = new RunIdentity("run-1", "attempt-1", null);

  @TempDir Path directory;
  private final MemoryJournal journal = new MemoryJournal(1 << 20);

  @Test
  void stop_saysThatSomethingIsLeft_whenItIsStillBeingSent() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Sender sender =
        new Sender(
            settings(),
            () -> {
              asked.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new IllegalStateException("no receiver");
            },
            List::of);
    sender.start();
    assertThat(sender.flush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    append(Entry.Kind.PROGRESS);
    sender.deliverFrom(journal, Resource.empty());
    asked.await();
    assertThat(sender.stop(Duration.ofMillis(50))).isFalse();
    never.countDown();
  }

  @Test
  void rowsThatComeAllTheTime_leaveInBatchesOfAnInterval() throws InterruptedException {
    try (OtlpSink sink = new OtlpSink()) {
      Sender sender = sender(sink);
      sender.start();
      sender.deliverFrom(journal, Resource.empty());
      long begin = System.nanoTime();
      for (int i = 0; i < 400; i++) {
        append(Entry.Kind.PROGRESS);
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(sender.stop(Duration.ofSeconds(10))).isTrue();
      long intervals = (System.nanoTime() - begin) / settings().exportInterval.toNanos();
      assertThat(sink.metric("training.progress")).hasSize(400);
      assertThat((long) sink.requests.size()).isBetween(2L, intervals + 3);
    }
  }

  @Test
  void stop_deliversWhatWasAppendedBefore() {
    try (OtlpSink sink = new OtlpSink()) {
      Sender sender = sender(sink);
      sender.start();
      sender.deliverFrom(journal, Resource.empty());
      append(Entry.Kind.END);
      assertThat(sender.stop(Duration.ofSeconds(10))).isTrue();
      assertThat(sink.events("training.run.end")).hasSize(1);
    }
  }

  private Sender sender(OtlpSink sink) {
    return new Sender(
        settings(),
        () ->
            new Exporters(
                OtlpHttpMetricExporter.builder()
                    .setEndpoint(sink.endpoint() + "/v1/metrics")
                    .build(),
                OtlpHttpLogRecordExporter.builder()
                    .setEndpoint(sink.endpoint() + "/v1/logs")
                    .build()),
        List::of);
  }

  private AgentSettings settings() {
    return AgentSettingsTest.settings(Map.of("telestep.journal.directory", directory.toString()));
  }

  private void append(Entry.Kind kind) {
    byte[] entry =
        EntryEncoder.encode(
            Entry.of(
                kind, RUN, 1, Value.of(KeyValue.of("epoch", Value.of(1.0))), Attributes.empty()));
    journal.append(entry, entry.length, true);
  }
}
