package dev.telestep.e2e;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.telestep.Run;
import dev.telestep.Telestep;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every row of the data model's table, through real OTLP into a real PostgreSQL. */
class DataModelIT {

  private static final long MILLIS = 1_000_000;
  private static final long SECOND = 1_000 * MILLIS;

  private static Receiver receiver;

  private final long t0 = now() - 3600 * SECOND;
  private String run = "";

  @BeforeAll
  static void startReceiver() {
    receiver = new Receiver("data-model").start();
  }

  @AfterAll
  static void stopReceiver() {
    receiver.close();
  }

  @BeforeEach
  void nameRun() {
    run = "run-" + UUID.randomUUID();
  }

  @Test
  void sameKeyAndStepTwiceInOneAttempt_theLastWriteWins() throws Exception {
    accept(row(t0, 5, Map.of("loss", 0.5)), row(t0 + 1, 5, Map.of("loss", 0.25)));
    accept(row(t0 + 2, 6, Map.of("loss", 0.75)));
    accept(row(t0 + 3, 6, Map.of("loss", 0.125)));
    assertThat(points("loss")).containsExactly("5=0.25", "6=0.125");
  }

  @Test
  void laterAttemptLogsStepsTheEarlierHadReached_itsPointsAreShownAndTheOthersKept()
      throws Exception {
    accept(start("first", t0));
    accept(
        row("first", t0 + 1, 0, Map.of("loss", 10.0, "acc", 0.0)),
        row("first", t0 + 2, 1, Map.of("loss", 11.0, "acc", 0.1)),
        row("first", t0 + 3, 2, Map.of("loss", 12.0, "acc", 0.2)));
    accept(start("second", t0 + SECOND));
    accept(row("second", t0 + SECOND + 1, 1, Map.of("loss", 21.0)));
    assertThat(points("loss")).containsExactly("0=10.0", "1=21.0");
    assertThat(points("acc")).as("per series").containsExactly("0=0.0", "1=0.1", "2=0.2");
    assertThat(
            strings(
                "SELECT step || '=' || value FROM telestep.all_points"
                    + " WHERE run_id = ? AND key = 'loss' AND superseded ORDER BY step"))
        .containsExactly("1=11", "2=12");
    assertThat(
            strings(
                "SELECT attempt || '=' || number FROM telestep.attempts WHERE run_id = ?"
                    + " ORDER BY number"))
        .containsExactly("first=1", "second=2");
  }

  @Test
  void attemptsAreOrderedByTheirStart_whateverTheOrderOfArrival() throws Exception {
    accept(start("younger", t0 + SECOND));
    accept(row("younger", t0 + SECOND + 1, 0, Map.of("loss", 2.0)));
    accept(start("older", t0));
    accept(row("older", t0 + 1, 0, Map.of("loss", 1.0)));
    assertThat(points("loss")).containsExactly("0=2.0");
  }

  @Test
  void twoProcessesLogDifferentKeysAtOnce_neitherHidesTheOther() throws Exception {
    accept(start("a", t0), start("b", t0 + 5));
    accept(row("a", t0 + 10, 0, Map.of("train", 1.0)), row("a", t0 + 20, 1, Map.of("train", 2.0)));
    accept(row("b", t0 + 11, 0, Map.of("eval", 3.0)), row("b", t0 + 21, 1, Map.of("eval", 4.0)));
    assertThat(points("train")).containsExactly("0=1.0", "1=2.0");
    assertThat(points("eval")).containsExactly("0=3.0", "1=4.0");
  }

  @Test
  void noStepThroughTheApi_takesTheGlobalCounterWhichAnExplicitStepMoves() {
    try (SdkLoggerProvider logs =
            SdkLoggerProvider.builder()
                .addLogRecordProcessor(
                    BatchLogRecordProcessor.builder(
                            OtlpHttpLogRecordExporter.builder()
                                .setEndpoint(receiver.httpEndpoint() + "/v1/logs")
                                .build())
                        .build())
                .build();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setLoggerProvider(logs).build()) {
      Run api = Telestep.run("api").runId(run).openTelemetry(sdk).start();
      api.log(Map.of("acc", 0.10));
      api.log(Map.of("acc", 0.11));
      api.log(Map.of("acc", 0.30), 7);
      api.log(Map.of("acc", 0.31));
      api.finish();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(points("acc")).containsExactly("0=0.1", "1=0.11", "7=0.3", "8=0.31"));
    await().atMost(Duration.ofSeconds(20)).until(() -> status().equals("finished"));
  }

  @Test
  void stepGaugeBesideMetricsInOneRequest_isOneRow() throws Exception {
    Map<String, String> resource = Map.of("training.run.id", run);
    accept(
        Otlp.metrics(
            resource,
            Otlp.gauge("loss", Otlp.point(t0, 0.5, Map.of())),
            Otlp.gauge("step", Otlp.point(t0, 4.0, Map.of())),
            Otlp.gauge("acc", Otlp.point(t0, 0.9, Map.of()))));
    assertThat(points("loss")).containsExactly("4=0.5");
    assertThat(points("acc")).containsExactly("4=0.9");
    assertThat(points("step")).isEmpty();
  }

  @Test
  void stepGaugeStampedApartFromItsMetrics_isStillOneRow() throws Exception {
    Map<String, String> resource = Map.of("training.run.id", run);
    accept(
        Otlp.metrics(
            resource,
            Otlp.gauge("loss", Otlp.point(t0 + 300, 0.5, Map.of())),
            Otlp.gauge("step", Otlp.point(t0 + 100, 9.0, Map.of())),
            Otlp.gauge("acc", Otlp.point(t0 + 200, 0.9, Map.of()))));
    assertThat(points("loss")).containsExactly("9=0.5");
    assertThat(points("acc")).containsExactly("9=0.9");
  }

  @Test
  void noStepFromElsewhere_theTimestampIsTheIdentityAndTheStepIsTheRunsNewest() throws Exception {
    accept(
        row(t0 + 10 * SECOND, 1, Map.of("loss", 1.0)),
        row(t0 + 20 * SECOND, 2, Map.of("loss", 2.0)));
    Map<String, String> resource = Map.of("training.run.id", run, "host.name", "node-1");
    for (int second : new int[] {5, 10, 15, 25}) {
      accept(
          Otlp.metrics(
              resource,
              Otlp.gauge(
                  "system.cpu.utilization",
                  Otlp.point(t0 + second * SECOND, second / 100.0, Map.of("cpu", "3")))));
    }
    assertThat(
            strings(
                "SELECT coalesce(step::text, '-') || '=' || value FROM telestep.hardware"
                    + " WHERE run_id = ? AND name = 'system.cpu.utilization' ORDER BY time"))
        .containsExactly("-=0.05", "1=0.1", "1=0.15", "2=0.25");
    assertThat(
            strings(
                "SELECT DISTINCT attrs ->> 'cpu' || ' ' || (attrs ->> 'host.name')"
                    + " FROM telestep.hardware WHERE run_id = ?"))
        .containsExactly("3 node-1");
  }

  @Test
  void sameStepAndValueAgainLater_isNoNewPointAndTheFirstTimeStays() throws Exception {
    Map<String, String> resource = Map.of("training.run.id", run);
    for (int export = 0; export < 3; export++) {
      accept(
          Otlp.metrics(
              resource,
              Otlp.gauge("loss", Otlp.point(t0 + export * SECOND, 0.5, Map.of("step", 1L))),
              Otlp.gauge("done", Otlp.point(t0 + export * SECOND, export, Map.of()))));
    }
    assertThat(points("loss")).containsExactly("1=0.5");
    assertThat(strings("SELECT time_ns FROM telestep.points WHERE run_id = ? AND key = 'loss'"))
        .containsExactly(Long.toString(t0));
  }

  @Test
  void stepsOutOfOrder_areAccepted() throws Exception {
    accept(row(t0, 9, Map.of("loss", 9.0)));
    accept(row(t0 + 1, 3, Map.of("loss", 3.0)), row(t0 + 2, 6, Map.of("loss", 6.0)));
    assertThat(points("loss")).containsExactly("3=3.0", "6=6.0", "9=9.0");
  }

  @Test
  void nanAndInfinities_areStoredAndCountedAndLeftOutOfMinMaxMean() throws Exception {
    accept(
        row(t0, 0, Map.of("loss", 4.0)),
        row(t0 + 1, 1, Map.of("loss", Double.NaN)),
        row(t0 + 2, 2, Map.of("loss", Double.POSITIVE_INFINITY)),
        row(t0 + 3, 3, Map.of("loss", Double.NEGATIVE_INFINITY)),
        row(t0 + 4, 4, Map.of("loss", 2.0)));
    assertThat(points("loss"))
        .containsExactly("0=4.0", "1=NaN", "2=Infinity", "3=-Infinity", "4=2.0");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        strings(
                            "SELECT n || ' ' || nonfinite || ' ' || min || ' ' || max || ' ' || mean"
                                + " FROM telestep.run_metrics WHERE run_id = ?"))
                    .containsExactly("5 3 2 4 3"));
    assertThat(
            strings(
                "SELECT sum(nonfinite) || ' ' || min(min) || ' ' || max(max)"
                    + " FROM telestep.curve(ARRAY[?], 'loss')"))
        .containsExactly("3 2 4");
  }

  @Test
  void textAndBooleanValues_areTextPointsAndBooleansAlsoNumbers() throws Exception {
    accept(
        row(t0, 0, Map.of("Word of the day", "Peacoc", "This is working", true, "Square", 0)),
        row(t0 + 1, 1, Map.of("This is working", false, "Square", 1)));
    assertThat(
            strings(
                "SELECT key || '@' || step || '=' || value FROM telestep.texts"
                    + " WHERE run_id = ? ORDER BY key, step"))
        .containsExactly(
            "This is working@0=true", "This is working@1=false", "Word of the day@0=Peacoc");
    assertThat(points("This is working")).containsExactly("0=1.0", "1=0.0");
    assertThat(points("Square")).containsExactly("0=0.0", "1=1.0");
  }

  @Test
  void listOfValues_isAppendedOneByOne() throws Exception {
    accept(row(t0, 3, Map.of("loss", List.of(0.0018, 0.0015))));
    accept(rowWithoutStep(t0 + SECOND, Map.of("plain", List.of(1.0, 2.0, 3.0))));
    assertThat(points("loss")).containsExactly("3=0.0018", "4=0.0015");
    assertThat(
            strings(
                "SELECT value FROM telestep.points WHERE run_id = ? AND key = 'plain'"
                    + " ORDER BY time_ns"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void overwrite_replacesTheWholeHistory() throws Exception {
    accept(row(t0, 0, Map.of("acc", 0.1)), row(t0 + 1, 1, Map.of("acc", 0.2)));
    accept(
        Otlp.event(
            "training.metrics",
            t0 + SECOND,
            Map.of("training.run.id", run, "training.overwrite", true, "training.step", 0L),
            Map.of("acc", List.of(0.8, 0.9))));
    assertThat(points("acc")).containsExactly("0=0.8", "1=0.9");
  }

  @Test
  void singleValue_keepsOne() throws Exception {
    for (int i = 0; i < 3; i++) {
      accept(
          Otlp.event(
              "training.metrics",
              t0 + i * SECOND,
              Map.of(
                  "training.run.id", run, "training.single_value", true, "training.step", (long) i),
              Map.of("accuracy", 0.25 * (i + 1))));
    }
    assertThat(points("accuracy")).containsExactly("2=0.75");
  }

  @Test
  void retryOfTheSameRequest_changesNothing() throws Exception {
    ExportLogsServiceRequest request =
        Otlp.logs(
            Map.of("training.run.id", run),
            row(t0, 0, Map.of("loss", 1.0, "note", "x")),
            rowWithoutStep(t0 + 1, Map.of("free", List.of(1.0, 2.0))),
            LogRecord.newBuilder()
                .setTimeUnixNano(t0)
                .setBody(
                    io.opentelemetry.proto.common.v1.AnyValue.newBuilder().setStringValue("line"))
                .build());
    accept(request);
    List<String> before = everything();
    accept(row(t0 + 2, 0, Map.of("loss", 5.0)));
    accept(request);
    accept(request);
    assertThat(points("loss")).as("an old retry overwrites nothing").containsExactly("0=5.0");
    assertThat(everything()).hasSameSizeAs(before);
    assertThat(strings("SELECT body FROM telestep.logs WHERE run_id = ?")).containsExactly("line");
  }

  @Test
  void badPoints_areRejectedByNameAndTheRestIsStored() throws Exception {
    String longKey = "k".repeat(513);
    ExportLogsServiceResponse response =
        send(
            Otlp.logs(
                Map.of(),
                row(t0, -3, Map.of("negative", 1.0)),
                row(t0 + 1, 1, Map.of("", 1.0, "good", 2.0)),
                row(t0 + 2, 2, Map.of(longKey, 1.0, "good", 3.0)),
                row(now() + 25 * 3600 * SECOND, 3, Map.of("future", 1.0)),
                row(t0 + 4, 4, Map.of("good", 4.0))));
    assertThat(response.getPartialSuccess().getRejectedLogRecords()).isPositive();
    assertThat(response.getPartialSuccess().getErrorMessage()).contains("-3");
    assertThat(points("good")).containsExactly("1=2.0", "2=3.0", "4=4.0");
    assertThat(points("negative")).isEmpty();
    assertThat(points("future")).isEmpty();
  }

  @Test
  void badPointsInTheMetricsEncoding_areRejectedByNameAndTheRestIsStored() throws Exception {
    ExportMetricsServiceResponse response =
        send(
            Otlp.metrics(
                Map.of(),
                Otlp.gauge(
                    "training.metric",
                    Otlp.point(t0, -1.0, key("step")),
                    Otlp.point(t0, 0.5, key("loss")),
                    Otlp.point(t0 + 1, 1.0, key("step")),
                    Otlp.point(t0 + 1, 0.25, key("loss")),
                    Otlp.point(t0 + 1, 0.75, key("")))));
    assertThat(response.getPartialSuccess().getRejectedDataPoints()).isPositive();
    assertThat(response.getPartialSuccess().getErrorMessage()).contains("-1");
    assertThat(points("loss")).containsExactly("1=0.25");
  }

  @Test
  void rowsOfTheMetricsEncoding_keepTheirStepsAndTimes() throws Exception {
    accept(
        Otlp.metrics(
            Map.of("training.run.id", run),
            Otlp.gauge(
                "training.metric",
                Otlp.point(t0 + 1, 10, key("step")),
                Otlp.point(t0 + 1, 0.5, key("loss")),
                Otlp.point(t0 + 1, 0.9, key("acc")),
                Otlp.point(t0 + 2, 11, key("step")),
                Otlp.point(t0 + 2, 0.25, key("loss")))));
    assertThat(points("loss")).containsExactly("10=0.5", "11=0.25");
    assertThat(points("acc")).containsExactly("10=0.9");
    assertThat(
            strings(
                "SELECT time_ns FROM telestep.points WHERE run_id = ? AND key = 'loss'"
                    + " ORDER BY step"))
        .containsExactly(Long.toString(t0 + 1), Long.toString(t0 + 2));
  }

  @Test
  void anyLoggedKey_canBeTheXAxis() throws Exception {
    accept(
        row(t0, 0, Map.of("acc", 0.32, "x_index", 2.0)),
        row(t0 + 1, 1, Map.of("acc", 0.34, "x_index", 4.0)),
        row(t0 + 2, 2, Map.of("acc", 0.9)));
    assertThat(
            strings(
                "SELECT x || '=' || mean FROM telestep.curve(ARRAY[?], 'acc', 'x_index')"
                    + " WHERE mean IS NOT NULL ORDER BY x"))
        .containsExactly("2=0.32", "4=0.34");
  }

  @Test
  void silentRun_isUnreachableAndRunsAgainWhenItSpeaks() throws Exception {
    accept(
        Otlp.event(
            "training.run.start",
            now(),
            Map.of("training.run.id", run, "training.run.attempt", "a"),
            Map.of("name", "quiet", "heartbeat_interval_ms", 400L)));
    assertThat(status()).isEqualTo("running");
    await().atMost(Duration.ofSeconds(20)).until(() -> status().equals("unreachable"));
    accept(
        Otlp.metrics(
            Map.of(),
            Otlp.gauge(
                "training.run.status",
                Otlp.point(
                    now(),
                    1,
                    Map.of(
                        "training.run.id", run,
                        "training.run.attempt", "a",
                        "training.run.status", "running")))));
    assertThat(status()).isEqualTo("running");
    accept(
        Otlp.event(
            "training.run.end",
            now(),
            Map.ofEntries(
                entry("training.run.id", run),
                entry("training.run.attempt", "a"),
                entry("exception.type", "java.lang.IllegalStateException"),
                entry("exception.message", "out of data")),
            Map.of("status", "failed")));
    assertThat(status()).isEqualTo("failed");
    assertThat(
            strings(
                "SELECT error_type || ': ' || error_message FROM telestep.attempts"
                    + " WHERE run_id = ?"))
        .containsExactly("java.lang.IllegalStateException: out of data");
  }

  private LogRecord row(long time, long step, Map<String, ?> body) {
    return row("", time, step, body);
  }

  private LogRecord row(String attempt, long time, long step, Map<String, ?> body) {
    return Otlp.event(
        "training.metrics",
        time,
        Map.of("training.run.id", run, "training.run.attempt", attempt, "training.step", step),
        body);
  }

  private LogRecord rowWithoutStep(long time, Map<String, ?> body) {
    return Otlp.event("training.metrics", time, Map.of("training.run.id", run), body);
  }

  private LogRecord start(String attempt, long time) {
    return Otlp.event(
        "training.run.start",
        time,
        Map.of("training.run.id", run, "training.run.attempt", attempt),
        Map.of("name", "data-model"));
  }

  private Map<String, ?> key(String key) {
    return Map.of("training.run.id", run, "training.run.attempt", "", "training.metric.key", key);
  }

  private static void accept(LogRecord... records) throws Exception {
    accept(Otlp.logs(Map.of(), records));
  }

  private static void accept(ExportLogsServiceRequest request) throws Exception {
    assertThat(send(request).getPartialSuccess().getErrorMessage()).isEmpty();
  }

  private static void accept(ExportMetricsServiceRequest request) throws Exception {
    assertThat(send(request).getPartialSuccess().getErrorMessage()).isEmpty();
  }

  private static ExportLogsServiceResponse send(ExportLogsServiceRequest request) throws Exception {
    return ExportLogsServiceResponse.parseFrom(post("/v1/logs", request.toByteArray()));
  }

  private static ExportMetricsServiceResponse send(ExportMetricsServiceRequest request)
      throws Exception {
    return ExportMetricsServiceResponse.parseFrom(post("/v1/metrics", request.toByteArray()));
  }

  private static byte[] post(String path, byte[] body) throws Exception {
    HttpResponse<byte[]> response = receiver.post(path, body);
    assertThat(response.statusCode())
        .as(() -> new String(response.body(), Fixture.UTF_8))
        .isEqualTo(200);
    return response.body();
  }

  private List<String> points(String key) {
    List<String> points = new ArrayList<>();
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT step, value FROM telestep.points WHERE run_id = ? AND key = ?"
                    + " ORDER BY step, time_ns")) {
      statement.setString(1, run);
      statement.setString(2, key);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          points.add(rows.getString(1) + '=' + rows.getDouble(2));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return points;
  }

  private List<String> everything() {
    return strings(
        "SELECT key || coalesce(step::text, '') || time_ns || attempt FROM telestep.all_points"
            + " WHERE run_id = ? ORDER BY 1");
  }

  private String status() {
    return strings("SELECT status FROM telestep.runs WHERE run_id = ?").get(0);
  }

  private List<String> strings(String sql) {
    List<String> values = new ArrayList<>();
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, run);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * SECOND + now.getNano();
  }
}
