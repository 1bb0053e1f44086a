package dev.telestep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telestep.dashboards.Dashboards;
import dev.telestep.dashboards.check.DashboardRun;
import dev.telestep.dashboards.check.GrafanaInterpolation;
import dev.telestep.dashboards.check.QueryResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 200,000 points from several runs and threads under the real agent, compared one by one. */
class ExactnessIT {

  private static final int RUNS = 4;
  private static final int THREADS = 2;
  private static final int ROWS = 5_000;
  private static final int KEYS = 5;

  private static Receiver receiver;
  private static List<Truth> truth;
  private static Map<String, String> runIds;

  @BeforeAll
  static void trainOnce() throws Exception {
    receiver = new Receiver("exactness").start();
    Path directory = Fixture.workDirectory("exactness-training");
    Path truthFile = directory.resolve("truth.bin");
    try (Training training =
        Training.start(
            directory,
            receiver.grpcEndpoint(),
            truthFile.toString(),
            Integer.toString(RUNS),
            Integer.toString(THREADS),
            Integer.toString(ROWS),
            "200",
            "finish")) {
      assertThat(training.waitFor(Duration.ofMinutes(3))).as(training.output()).isZero();
    }
    truth = Truth.read(truthFile);
    runIds = new HashMap<>();
    try (Connection connection = receiver.readOnlyConnection()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(finishedRuns(connection)).hasSize(RUNS));
      runIds.putAll(finishedRuns(connection));
    }
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  private static Map<String, String> finishedRuns(Connection connection) throws SQLException {
    Map<String, String> found = new HashMap<>();
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT name, run_id FROM telestep.runs WHERE status = 'finished'");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getString(2));
      }
    }
    return found;
  }

  @Test
  void everyPoint_isStoredWithItsBitsStepAndTimestamp() throws SQLException {
    assertThat(truth).hasSize(RUNS * THREADS * ROWS);
    long compared = 0;
    try (Connection connection = receiver.readOnlyConnection()) {
      for (int run = 0; run < RUNS; run++) {
        Map<Point, Stored> stored = points(connection, runId(run));
        assertThat(stored).hasSize(THREADS * ROWS * KEYS);
        Set<Long> times = new HashSet<>();
        for (Truth row : truth) {
          if (row.run() != run) {
            continue;
          }
          long time = -1;
          for (int k = 0; k < KEYS; k++) {
            Point point = new Point(Workload.key(row.thread(), k), row.step());
            Stored found = Objects.requireNonNull(stored.get(point), point::toString);
            assertThat(found.bits()).as("%s of run %d", point, run).isEqualTo(row.bits().get(k));
            assertThat(time == -1 || time == found.time())
                .as("keys of one row share its time")
                .isTrue();
            time = found.time();
            compared++;
          }
          // Strictly increasing stamps may run ahead of a coarse clock by some nanoseconds.
          assertThat(time).isBetween(row.before(), row.after() + 1_000);
          assertThat(times.add(time)).as("the time of a row is its own").isTrue();
        }
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(200_000);
  }

  @Test
  void rowsLoggedAndRowsStored_areEqual() throws SQLException {
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT a.rows_logged, s.rows FROM telestep.attempts a"
                    + " CROSS JOIN LATERAL telestep.rows_stored(a.run_id) s"
                    + " WHERE s.attempt = a.attempt")) {
      int attempts = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          assertThat(rows.getLong(2)).isEqualTo(rows.getLong(1));
          assertThat(rows.getLong(1)).isGreaterThanOrEqualTo((long) THREADS * ROWS);
          attempts++;
        }
      }
      assertThat(attempts).isEqualTo(RUNS);
    }
  }

  @Test
  void parametersTagsAndProgress_areThoseOfTheCode() throws SQLException {
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT project, tags::text, params ->> 'learning_rate',"
                    + " params ->> 'optimizer_name', epoch, overall_epochs, progress, step"
                    + " FROM telestep.runs WHERE name = 'workload-1'");
        ResultSet row = statement.executeQuery()) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("e2e");
      assertThat(row.getString(2)).contains("exact", "real-agent");
      assertThat(row.getDouble(3)).isEqualTo(0.002);
      assertThat(row.getString(4)).isEqualTo("sgd");
      assertThat(row.getDouble(5)).isEqualTo(10);
      assertThat(row.getDouble(6)).isEqualTo(10);
      assertThat(row.getDouble(7)).isEqualTo(1);
      assertThat(row.getLong(8)).isEqualTo(ROWS - 1);
    }
  }

  @Test
  void stdoutOfTheTraining_isTheLogOfItsRuns() throws SQLException {
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT count(DISTINCT body) FROM telestep.logs"
                    + " WHERE body LIKE 'run % reached step %' AND stream = 'stdout'");
        ResultSet row = statement.executeQuery()) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(RUNS * 10);
    }
  }

  @Test
  void summaries_matchThePoints() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              try (Connection connection = receiver.readOnlyConnection();
                  PreparedStatement statement = connection.prepareStatement(SUMMARY_DIFFERENCES);
                  ResultSet row = statement.executeQuery()) {
                assertThat(row.next() ? row.getString(1) : "equal").isEqualTo("equal");
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs.json", "run.json", "compare.json"})
  void everyQueryOfTheDashboard_answersForTheRealRuns(String file) throws Exception {
    try (Connection connection = receiver.readOnlyConnection()) {
      DashboardRun dashboard =
          DashboardRun.of(
              new ObjectMapper().readTree(Dashboards.files().get(file)),
              sql -> {
                try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                  return QueryResult.read(rows);
                }
              });
      if (!file.equals("runs.json")) {
        dashboard.choose("run", runId(0), runId(1));
      }
      DashboardRun.Report report =
          dashboard.run(
              GrafanaInterpolation.of(
                  Instant.now().minus(Duration.ofHours(1)), Instant.now(), Duration.ofSeconds(15)));
      assertThat(report.problems()).isEmpty();
      assertThat(report.answers()).anySatisfy(a -> assertThat(a.result().rows()).isNotEmpty());
    }
  }

  @Test
  void commandLine_showsTheRealRuns() {
    String table =
        receiver.run("runs", "--columns", "thread0/loss0,p:optimizer_name", "--project", "e2e");
    assertThat(table).contains("workload-0", "workload-3", "finished", "adam", "sgd");
    String run = runId(2);
    assertThat(receiver.run("show", run, "--metric", "thread0/acc1"))
        .contains("workload-2", "learning_rate", "thread1/loss4");
    assertThat(receiver.run("show", run, "--metric", "thread0/acc1", "--x", "time"))
        .contains("thread0/acc1");
    // All runs were started by one thread: what its threads print belongs to the newest of them.
    assertThat(receiver.run("logs", runId(3))).contains("run 2 reached step");
  }

  @Test
  void commandLine_printsJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(receiver.run("runs", "--json")).findValuesAsText("name"))
        .contains("workload-0", "workload-1", "workload-2", "workload-3");
    String run = runId(2);
    assertThat(json.readTree(receiver.run("show", run, "--json")).findValuesAsText("status"))
        .contains("finished");
    assertThat(receiver.run("logs", runId(3), "--json").lines().findFirst().orElseThrow())
        .startsWith("{");
  }

  private static final String SUMMARY_DIFFERENCES =
      """
      WITH finite AS (
        SELECT run_id, key, step, value,
          value NOT IN ('NaN', 'Infinity', '-Infinity') AS is_finite
        FROM telestep.points WHERE kind = 'METRIC'),
      exact AS (
        SELECT run_id, key, count(*) AS n, count(*) FILTER (WHERE NOT is_finite) AS nonfinite,
          min(value) FILTER (WHERE is_finite) AS min, max(value) FILTER (WHERE is_finite) AS max,
          max(step) AS last_step
        FROM finite GROUP BY 1, 2)
      SELECT run_id || ' ' || key || ': ' || to_jsonb(e)::text || ' but ' || to_jsonb(m)::text
      FROM exact e FULL JOIN telestep.run_metrics m USING (run_id, key)
      WHERE (e.n, e.nonfinite, e.min, e.max, e.last_step)
        IS DISTINCT FROM (m.n, m.nonfinite, m.min, m.max, m.last_step)
      """;

  private static String runId(int run) {
    return Objects.requireNonNull(runIds.get("workload-" + run));
  }

  private static Map<Point, Stored> points(Connection connection, String runId)
      throws SQLException {
    Map<Point, Stored> points = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT key, step, time_ns, value FROM telestep.points"
                + " WHERE run_id = ? AND key LIKE 'thread%'")) {
      statement.setString(1, runId);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Stored before =
              points.put(
                  new Point(rows.getString(1), rows.getLong(2)),
                  new Stored(rows.getLong(3), Double.doubleToRawLongBits(rows.getDouble(4))));
          assertThat(before).as("one point per key and step").isNull();
        }
      }
    }
    return points;
  }

  private record Point(String key, long step) {}

  private record Stored(long time, long bits) {}
}
