package dev.telestep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.agent.OtlpSink.Log;
import dev.telestep.agent.OtlpSink.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged extension in forked JVMs, with the real agent and without. */
class AgentExtensionIT {

  private static final int THREADS = 4;
  private static final int ROWS = 5_000;

  @TempDir Path directory;
  private final OtlpSink sink = new OtlpSink();

  @AfterEach
  void close() {
    sink.close();
  }

  @Test
  void everyRowArrivesExactly_underTheAgent() throws Exception {
    Forked forked = Forked.withAgent(directory, sink.endpoint());
    assertThat(forked.run("threads", "" + THREADS, "" + ROWS)).as(forked.output()).isZero();
    assertEveryRow(forked);
    assertThat(journal()).isEmpty();
  }

  @Test
  void everyRowArrivesExactly_underAutoconfigure() throws Exception {
    Forked forked = Forked.withAutoconfigure(directory, sink.endpoint());
    assertThat(forked.run("threads", "" + THREADS, "" + ROWS)).as(forked.output()).isZero();
    assertEveryRow(forked);
    assertThat(journal()).isEmpty();
  }

  @Test
  void everyRowArrivesExactly_onJava25() throws Exception {
    Path java = java25();
    if (java == null) {
      assertThat(System.getenv("CI")).as("CI needs a JDK 25: set JAVA25_HOME").isNotEqualTo("true");
      Assumptions.abort("SKIPPED: no JDK 25 in JAVA25_HOME or /usr/lib/jvm");
      return;
    }
    Forked forked = Forked.withAgent(java, directory, sink.endpoint());
    assertThat(forked.run("threads", "" + THREADS, "" + ROWS)).as(forked.output()).isZero();
    assertEveryRow(forked);
  }

  @Test
  void killedProcess_losesNothing_andTheNextOneDeliversAndEndsIt() throws Exception {
    sink.answerWith(points -> 503);
    Forked first = Forked.withAgent(directory, sink.endpoint());
    Process process = first.start("hang", "3000");
    first.awaitOutput("LOGGED");
    process.destroyForcibly().waitFor();
    assertThat(sink.points).isEmpty();

    sink.answerWith(points -> 200);
    Forked second = Forked.withAgent(directory, sink.endpoint());
    assertThat(second.run("threads", "1", "1")).as(second.output()).isZero();

    // The second JVM may be gone before it has delivered all that the first one left.
    for (int i = 0; i < 5 && !journal().isEmpty(); i++) {
      Forked next = Forked.withAgent(directory, sink.endpoint());
      Process finisher = next.start("hang", "1");
      next.awaitOutput("LOGGED");
      org.awaitility.Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> ends("died").size() == 1);
      finisher.destroy();
      finisher.waitFor();
    }

    Log died = ends("died").get(0);
    String run = String.valueOf(died.attributes().get("training.run.id"));
    List<Point> values =
        sink.metric("training.metric").stream()
            .filter(point -> point.text("training.run.id").equals(run))
            .filter(point -> point.text("training.metric.key").equals("index"))
            .toList();
    assertThat(values).extracting(Point::value).doesNotHaveDuplicates().hasSize(3000);
    assertThat(died.item("status")).isEqualTo("failed");
    assertThat(died.item("rows")).isEqualTo(3000L);
    assertThat(died.time()).isGreaterThan(values.get(values.size() - 1).time());
    assertThat(died.resource()).containsEntry("service.name", "forked");
  }

  @Test
  void deadReceiver_doesNotHurtTraining() throws Exception {
    sink.close();
    Forked forked =
        Forked.withAgent(directory, sink.endpoint()).set("telestep.shutdown.timeout", "1s");
    long start = System.nanoTime();
    assertThat(forked.run("threads", "2", "2000")).as(forked.output()).isZero();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
    assertThat(forked.output()).contains("runs cannot be delivered now, and are kept");
    assertThat(forked.output().split("runs cannot be delivered now", -1)).hasSize(2);
    assertThat(journal()).hasSize(1);
  }

  @Test
  void exception_endsTheRunAsFailedWithIt() throws Exception {
    Forked forked = Forked.withAgent(directory, sink.endpoint());
    assertThat(forked.run("throw")).isEqualTo(1);
    assertThat(forked.output())
        .contains("Exception in thread \"main\" java.lang.IllegalStateException: diverged");
    Log end = last(sink.events("training.run.end"));
    assertThat(end.item("status")).isEqualTo("failed");
    assertThat(end.attributes())
        .containsEntry("exception.type", "java.lang.IllegalStateException")
        .containsEntry("exception.message", "diverged");
    assertThat(String.valueOf(end.attributes().get("exception.stacktrace")))
        .contains("TrainingMain");
  }

  @Test
  void exit_endsTheRunAsFailed_andKeepsTheCode() throws Exception {
    Forked forked = Forked.withAgent(directory, sink.endpoint());
    assertThat(forked.run("exit")).isEqualTo(3);
    assertThat(ends("the JVM exited without finish()")).hasSize(1);
  }

  @Test
  void signal_endsTheRunAsKilled() throws Exception {
    Forked forked = Forked.withAgent(directory, sink.endpoint());
    Process process = forked.start("hang", "10");
    forked.awaitOutput("LOGGED");
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(last(sink.events("training.run.end")).item("status")).isEqualTo("killed");
  }

  @Test
  void linesAndLogRecords_becomeTheRunsLog_once() throws Exception {
    Forked forked = Forked.withAgent(directory, sink.endpoint());
    assertThat(forked.run("log")).as(forked.output()).isZero();
    assertThat(forked.output()).contains("before the run", "printed 100 %", "unfinished");

    List<Log> lines = sink.logs.stream().filter(log -> log.event().isEmpty()).toList();
    assertThat(lines)
        .extracting(log -> log.attributes().get("log.iostream") + " " + log.body())
        .containsExactly(
            "stdout printed 100 %", "stderr bar 1", "stderr bar 2", "null logged once");
    assertThat(lines.get(3).severity()).isEqualTo(13);
    assertThat(lines).allMatch(line -> line.attributes().containsKey("training.run.id"));
  }

  private void assertEveryRow(Forked forked) throws IOException {
    Map<Long, Map<String, Double>> rows = new HashMap<>();
    for (Point point : sink.metric("training.metric")) {
      Double before =
          rows.computeIfAbsent(point.time(), time -> new HashMap<>())
              .put(point.text("training.metric.key"), point.value());
      assertThat(before).isNull();
    }
    assertThat(rows).as(forked.output()).hasSize(THREADS * ROWS + 1);
    Set<List<Integer>> seen = new HashSet<>();
    List<Double> stepsByTime = new ArrayList<>();
    for (long time : rows.keySet().stream().sorted().toList()) {
      Map<String, Double> row = Objects.requireNonNull(rows.get(time));
      stepsByTime.add(value(row, "step"));
      if (row.containsKey("nan")) {
        assertThat(value(row, "nan")).isNaN();
        continue;
      }
      int worker = (int) value(row, "worker");
      int index = (int) value(row, "index");
      assertThat(seen.add(List.of(worker, index))).isTrue();
      assertThat(value(row, "value")).isEqualTo(worker + 1.0 / (index + 1));
    }
    assertThat(stepsByTime)
        .isEqualTo(
            LongStream.rangeClosed(0, THREADS * ROWS)
                .mapToDouble(step -> step)
                .boxed()
                .collect(Collectors.toList()));

    Log start = sink.events("training.run.start").get(0);
    assertThat(start.item("name")).isEqualTo("threads");
    assertThat(start.item("project")).isEqualTo("tests");
    assertThat(start.item("heartbeat_interval_ms")).isEqualTo(10_000L);
    assertThat(start.resource()).containsEntry("service.name", "forked");
    Log end = last(sink.events("training.run.end"));
    assertThat(end.item("status")).isEqualTo("finished");
    // Beside the rows of the threads: the row of the text, and the epoch of the progress.
    assertThat(end.item("rows")).isEqualTo(THREADS * ROWS + 2L);
    Log texts = last(sink.events("training.metrics"));
    assertThat(texts.body()).isEqualTo(Map.of("note", "last", "done", true));
    assertThat(last(sink.metric("training.run.rows")).value()).isEqualTo(THREADS * ROWS + 2);
    assertThat(sink.metric("training.parameter"))
        .extracting(
            p -> p.text("training.parameter.key") + "=" + p.text("training.parameter.value"))
        .containsExactly("lr=0.1");
    assertThat(sink.requests.get(0)).startsWith("logs training.run.start");
    assertThat(last(sink.requests)).endsWith("training.run.end");
  }

  private List<Log> ends(String message) {
    return sink.events("training.run.end").stream()
        .filter(end -> String.valueOf(end.attributes().get("exception.message")).contains(message))
        .toList();
  }

  private List<Path> journal() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  private static <T> T last(List<T> list) {
    assertThat(list).isNotEmpty();
    return list.get(list.size() - 1);
  }

  private static double value(Map<String, Double> row, String key) {
    return Objects.requireNonNull(row.get(key), key);
  }

  private static @Nullable Path java25() throws IOException {
    List<Path> homes = new ArrayList<>();
    if (System.getenv("JAVA25_HOME") != null) {
      homes.add(Path.of(System.getenv("JAVA25_HOME")));
    }
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> all = Files.list(installed)) {
        all.filter(home -> home.getFileName().toString().contains("25")).forEach(homes::add);
      }
    }
    return homes.stream()
        .map(home -> home.resolve("bin/java"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
