package dev.telestep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.telestep.server.FakeStore;
import dev.telestep.server.TestServer;
import dev.telestep.store.RunReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands against the real server in this process. */
class CommandsTest {

  private static TestServer server;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

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
    server.store.runs.add(FakeStore.run("run-1", "mnist", Map.of("loss", 0.5, "epoch", 7.0)));
  }

  @Test
  void runs_isATableWithChosenColumns() {
    assertThat(run("runs", "--columns", "loss,p:optimizer_name,absent")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            ID     NAME   PROJECT  STATUS   PROGRESS         EPOCH        STEP  DURATION  loss  optimizer_name  absent
            run-1  mnist  vision   running  ███▌░░░░░░  35%   7/20  4321/12345  1m 35s     0.5  adam                 -
            """);
  }

  @Test
  void runs_withoutColumns_hasTheMetricsThatMostRunsHave() {
    server.store.runs.add(FakeStore.run("run-2", "mnist", Map.of("loss", Double.NaN, "acc", 1.0)));

    assertThat(run("runs", "--project", "vision", "--status", "running")).isZero();

    assertThat(out.toString().lines())
        .satisfiesExactly(
            heading -> assertThat(heading).endsWith("loss  acc"),
            first -> assertThat(first).startsWith("run-1").endsWith("0.5    -"),
            second -> assertThat(second).startsWith("run-2").endsWith("NaN    1"));
  }

  @Test
  void nonFiniteAndMissingValues_areShownAsWhatTheyAre() {
    server.store.runs.set(
        0,
        FakeStore.run(
            "run-1",
            "mnist",
            Map.of("up", Double.POSITIVE_INFINITY, "down", Double.NEGATIVE_INFINITY)));
    server.store.metrics.add(
        new RunReader.Metric("loss", 3, 3, Double.NaN, 3L, null, null, null, null, null));
    server.store.points.add(new RunReader.CurvePoint(3, null, null, null, null, 3));

    assertThat(run("runs", "--columns", "up,down,absent")).isZero();
    assertThat(run("show", "run-1")).isZero();

    assertThat(out.toString())
        .containsPattern("1m 35s +Infinity +-Infinity +-\\R")
        .containsPattern("loss +NaN \\(3\\) +- +- +- +3 +3\\R");
  }

  @Test
  void runs_ofNothing_saysSo() {
    assertThat(run("runs", "--project", "other")).isZero();
    assertThat(out.toString()).isEqualTo("no runs\n");
  }

  @Test
  void runs_json_isTheAnswerOfTheApi() {
    assertThat(run("runs", "--json")).isZero();
    assertThat(out.toString()).startsWith("{\"runs\":[{\"id\":\"run-1\"").endsWith("}]}\n");
  }

  @Test
  void show_hasAttemptsParametersMetricsAndACurve() {
    Instant start = Instant.parse("2026-11-21T10:00:00Z");
    server.store.attempts.add(
        new RunReader.Attempt(
            "a1", 1, "failed", start, start.plusSeconds(61), 10L, 8, "java.lang.Error", "broke"));
    server.store.attempts.add(
        new RunReader.Attempt("a2", 2, "running", start, null, null, 7, null, null));
    server.store.metrics.add(
        new RunReader.Metric("loss", 15, 1, 0.5, 15L, 0.25, 9L, 1.0, 1L, 0.6123456));
    for (int x = 0; x <= 15; x++) {
      double y = 1 - x / 30.0;
      server.store.points.add(new RunReader.CurvePoint(x, y, y, y, y, x == 3 ? 1 : 0));
    }

    assertThat(run("show", "mnist")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            mnist  running  ███▌░░░░░░  35%
            id        run-1
            project   vision
            tags      cnn
            host      node-1
            started   2026-11-21 10:00:00 UTC
            duration  1m 35s
            left      1m 6s
            epoch     7/20
            step      4321/12345

            ATTEMPT  STATUS   STARTED              DURATION  LOGGED  STORED  MISSING  ERROR
                  1  failed   2026-11-21 10:00:00  1m 1s         10       8        2  java.lang.Error: broke
                  2  running  2026-11-21 10:00:00  -              -       7        -

            PARAMETER       VALUE
            lr              0.001
            optimizer_name  adam

            METRIC      LAST       MIN    MAX    MEAN  POINTS  NON-FINITE
            loss    0.5 (15)  0.25 (9)  1 (1)  0.6123      15           1

            loss  (1 NaN or infinite)
            """
                + Chart.render(server.store.points, 100, 8, "step"));
  }

  @Test
  void show_ofARunWithoutSteps_saysThatThereIsNoCurve() {
    server.store.metrics.add(
        new RunReader.Metric("loss", 3, 0, 0.5, null, 0.25, null, 1.0, null, 0.6));

    assertThat(run("show", "mnist")).isZero();

    assertThat(out.toString()).endsWith("\nloss  has no points by step\n");
  }

  @Test
  void show_ofAnUnknownMetric_isNotFound() {
    assertThat(run("show", "run-1", "--metric", "lost")).isEqualTo(Telestep.NOT_FOUND);
    assertThat(err.toString()).contains("run run-1 has no metric lost by step");
  }

  @Test
  void show_ofAnUnknownRun_isNotFound() {
    assertThat(run("show", "nope")).isEqualTo(Telestep.NOT_FOUND);
    assertThat(err.toString())
        .contains("no run has the id, the beginning of an id or the name nope");
  }

  @Test
  void show_ofAnAmbiguousName_namesTheRuns() {
    server.store.runs.add(FakeStore.run("other", "mnist", Map.of()));

    assertThat(run("show", "mnist")).isEqualTo(Telestep.FAILED);
    assertThat(err.toString()).contains("mnist names several runs, give an id: run-1, other");
  }

  @Test
  void show_ofAVeryAmbiguousName_namesTheFirstRuns() {
    for (int i = 2; i <= 7; i++) {
      server.store.runs.add(FakeStore.run("run-" + i, "mnist", Map.of()));
    }

    assertThat(run("show", "mnist")).isEqualTo(Telestep.FAILED);
    assertThat(err.toString())
        .contains("mnist names several runs, give an id: run-1, run-2, run-3, run-4, run-5, …");
  }

  @Test
  void show_json_isTheAnswerOfTheApi() {
    assertThat(run("show", "run-1", "--json")).isZero();
    assertThat(out.toString()).startsWith("{\"run\":{\"id\":\"run-1\"").contains("\"attempts\":[]");
  }

  @Test
  void logs_areLinesWithTimeAndSeverity() {
    Instant time = Instant.parse("2026-11-21T10:00:00.123456789Z");
    server.store.lines.add(new RunReader.Log(1, time, 0, "stdout", "epoch 1"));
    server.store.lines.add(new RunReader.Log(2, time.plusSeconds(1), 13, "", "slow"));

    assertThat(run("logs", "mnist")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            2026-11-21 10:00:00.123 stdout epoch 1
            2026-11-21 10:00:01.123 WARN   slow
            """);
  }

  @Test
  void logs_ofManyPages_areAllThere() {
    for (int i = 1; i <= 2_500; i++) {
      server.store.lines.add(new RunReader.Log(i, Instant.EPOCH, 9, "", "line " + i));
    }

    assertThat(run("logs", "run-1", "--json")).isZero();

    assertThat(out.toString().lines()).hasSize(2_500).last().asString().contains("line 2500");
  }

  @Test
  void logs_followed_endWithTheRun() {
    RunReader.Run running = server.store.runs.remove(0);
    server.store.runs.add(ended(running));
    server.store.lines.add(new RunReader.Log(1, Instant.EPOCH, 9, "", "the end"));

    assertThat(run("logs", "-f", "run-1")).isZero();

    assertThat(out.toString()).contains("the end");
  }

  @Test
  void logs_ofARunThatIsAlive_areFollowedUntilItHasEnded() throws Exception {
    RunReader.Run running = server.store.runs.get(0);
    server.store.lines.add(new RunReader.Log(1, Instant.EPOCH, 9, "", "first"));

    CompletableFuture<Integer> followed =
        CompletableFuture.supplyAsync(() -> run("logs", "-f", "mnist"));
    await().untilAsserted(() -> assertThat(out.toString()).contains("first"));
    server.store.lines.add(new RunReader.Log(2, Instant.EPOCH, 9, "", "written later"));
    await().untilAsserted(() -> assertThat(out.toString()).contains("written later"));
    assertThat(followed).isNotDone();
    // The run ends between the answer with its lines and the next question.
    server.store.afterLogs =
        () -> {
          server.store.afterLogs = () -> {};
          server.store.lines.add(new RunReader.Log(3, Instant.EPOCH, 9, "", "last"));
          server.store.runs.set(0, ended(running));
        };

    assertThat(followed.get(10, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString().lines())
        .extracting(line -> line.substring(line.indexOf("INFO") + 4).strip())
        .containsExactly("first", "written later", "last");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void noServer_namesTheSetting() {
    int code =
        Telestep.commandLine()
            .setErr(new PrintWriter(err))
            .execute("runs", "--url", "http://127.0.0.1:1");

    assertThat(code).isEqualTo(Telestep.NO_SERVER);
    assertThat(err.toString())
        .contains("no receiver answers at http://127.0.0.1:1", "TELESTEP_URL");
  }

  @Test
  void databaseDown_isSaid() {
    server.store.down = "the database is not available: refused";

    assertThat(run("runs")).isEqualTo(Telestep.FAILED);
    assertThat(err.toString()).contains("the database is not available: refused");
  }

  @Test
  void wrongUse_isUsage() {
    assertThat(run("runs", "--limit", "many")).isEqualTo(Telestep.USAGE);
    assertThat(err.toString()).contains("--limit");
  }

  private int run(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--url";
    all[arguments.length + 1] = server.httpUrl();
    CommandLine commandLine =
        Telestep.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return commandLine.execute(all);
  }

  private static RunReader.Run ended(RunReader.Run run) {
    return new RunReader.Run(
        run.id(),
        run.name(),
        run.project(),
        run.group(),
        "finished",
        1.0,
        run.epoch(),
        run.overallEpochs(),
        run.step(),
        run.overallSteps(),
        null,
        run.startedAt(),
        run.startedAt().plusSeconds(10),
        10,
        run.tags(),
        run.parameters(),
        run.metrics(),
        run.host(),
        null);
  }
}
