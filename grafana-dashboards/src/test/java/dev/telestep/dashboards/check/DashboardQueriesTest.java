package dev.telestep.dashboards.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.telestep.dashboards.Dashboards;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every query of every dashboard, on the real schema, as the role that Grafana uses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardQueriesTest {

  private static final List<String> HOSTILE =
      List.of(
          "'); DROP TABLE telestep.runs; --",
          "''",
          "\\",
          "\\'; SELECT 1; --",
          "\"",
          "%_%",
          "ü \u200b 漢 😀",
          "",
          "${run}",
          "$1",
          "a]::text[] || ARRAY['",
          ".*(",
          "1e999",
          "-0",
          "NaN");

  private StoredRuns empty;
  private StoredRuns stored;

  @BeforeAll
  void start(@TempDir Path emptyDirectory, @TempDir Path directory) throws SQLException {
    empty = StoredRuns.open(emptyDirectory);
    stored = StoredRuns.open(directory);
    stored.write();
    Awaitility.await("the store has summed up the resumed run")
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                number(
                        "SELECT min FROM telestep.run_metrics WHERE run_id = '"
                            + StoredRuns.RESUMED
                            + "'")
                    == 1);
  }

  @AfterAll
  void stop() throws SQLException {
    empty.close();
    stored.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs.json", "run.json", "compare.json"})
  void dashboard_ofAnEmptyStore_showsThatItIsEmpty(String file) throws IOException {
    DashboardRun.Report report = run(empty, file).run(range());

    assertThat(report.problems()).isEmpty();
    assertThat(report.answers()).hasSizeGreaterThan(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs.json", "run.json", "compare.json"})
  void dashboard_asItOpens_showsEverything(String file) throws IOException {
    assertThat(run(stored, file).run(range()).problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "step,linear,0,'',''", "step,log,0.6,100,1500", "epoch,linear,0.9,'',5",
    "epoch,log,0.6,'',''", "time,log,0.99,60,'x'", "time,linear,nonsense,'',''",
    "val/accuracy,linear,0.6,'',''", "no such key,log,0.6,1e999,-1"
  })
  void curves_onEveryXAxisAndScale_canBeDrawn(
      String xAxis, String scale, String smoothing, String from, String to) throws IOException {
    for (String file : List.of("run.json", "compare.json")) {
      DashboardRun.Report report =
          run(stored, file)
              .choose("run", StoredRuns.FINISHED, StoredRuns.RUNNING, StoredRuns.RESUMED)
              .choose("x_axis", xAxis)
              .choose("scale", scale)
              .choose("smoothing", smoothing)
              .choose("step_from", from)
              .choose("step_to", to)
              .run(range());

      assertThat(report.problems()).isEmpty();
      assertThat(report.panel("$metric")).hasSizeGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void everyVariable_withHostileText_stillGivesAnswersOfTheRightShape()
      throws IOException, SQLException {
    for (String file : Dashboards.files().keySet()) {
      JsonNode dashboard = dashboard(file);
      for (String value : HOSTILE) {
        DashboardRun run = run(stored, file);
        DashboardRun newer = run(stored, file);
        for (JsonNode variable : dashboard.at("/templating/list")) {
          if (!variable.path("type").asText().equals("datasource")) {
            run.choose(variable.path("name").asText(), value, value + value);
            newer.choose(variable.path("name").asText(), value);
          }
        }
        assertThat(run.run(range()).problems()).as("%s with %s", file, value).isEmpty();
        assertThat(newer.run(range().escapingDoubleQuotes()).problems())
            .as("%s with %s, double quotes escaped", file, value)
            .isEmpty();
      }
    }
    assertThat(number("SELECT count(*) FROM telestep.runs")).isEqualTo(4);
  }

  /** Grafana expands macros after variables: the literal ends early, and only an error is left. */
  @ParameterizedTest
  @ValueSource(strings = {"$__timeFrom()", "$__timeFilter(1); SELECT 1; --)"})
  void variable_withAMacro_isAnErrorAndNoInjection(String value) {
    String sql =
        range()
            .with("search", VariableValue.single(value))
            .sql("SELECT count(*) FROM telestep.runs WHERE name = ${search:sqlstring}");

    assertThatThrownBy(() -> stored.query(sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("syntax error");
  }

  @Test
  void run_withAnOddId_opensAndLeavesTheBasket() throws IOException {
    DashboardRun.Report run = run(stored, "run.json").choose("run", StoredRuns.ODD).run(range());
    DashboardRun.Report runs =
        run(stored, "runs.json").choose("run", StoredRuns.ODD, "a b").run(range());

    assertThat(run.problems()).isEmpty();
    assertThat(value(run.panel("Run"), "v")).isEqualTo("odd '); DROP TABLE x; --");
    QueryResult table = runs.panel("Runs").get(0);
    int id = column(table, "run_id");
    for (List<@Nullable Object> row : table.rows()) {
      boolean odd = StoredRuns.ODD.equals(row.get(id));
      assertThat(row.get(column(table, "Compare"))).isEqualTo(odd ? "✓ added" : "+ add");
      String oddParameter = "var-run=it%27s%20%26%20%22odd%22%2f%23%5c%c3%a4%3f";
      assertThat(row.get(column(table, "basket")))
          .isEqualTo(
              odd ? "var-run=a%20b" : oddParameter + "&var-run=a%20b&var-run=" + row.get(id));
    }
  }

  @Test
  void runs_showStatusMetricsAndParametersAsTheyAre() throws IOException {
    DashboardRun.Report report =
        run(stored, "runs.json")
            .choose("objective", "loss")
            .choose("metric", "loss", "huge")
            .choose("param", "lr", "version", "note", "empty")
            .run(range());

    assertThat(report.problems()).isEmpty();
    QueryResult table = report.panel("Runs").get(0);
    List<@Nullable Object> finished = row(table, "run_id", StoredRuns.FINISHED);
    assertThat(finished.get(column(table, "Status"))).isEqualTo("finished");
    assertThat(finished.get(column(table, "Progress"))).isEqualTo(1.0);
    assertThat(finished.get(column(table, "Group"))).isEqualTo("sweep-1");
    assertThat(finished.get(column(table, "NaN"))).isEqualTo(24.0);
    JsonNode parameters = json(finished.get(column(table, "params")));
    assertThat(parameters.path("\u200clr").isNumber()).isTrue();
    assertThat(parameters.path("\u200cversion").asText()).isEqualTo("1.10");
    assertThat(parameters.path("\u200cversion").isTextual()).isTrue();
    JsonNode metrics = json(finished.get(column(table, "metrics")));
    assertThat(metrics.path("\u200bloss").asDouble())
        .isEqualTo(Math.exp(-(StoredRuns.STEPS - 1) / 400.0));
    assertThat(json(finished.get(column(table, "Trend")))).hasSize(40);
    assertThat(row(table, "run_id", StoredRuns.RUNNING).get(column(table, "to_ms")))
        .isEqualTo("now");
  }

  @Test
  void runs_areFilteredByGroupStatusProjectAndText() throws IOException {
    assertThat(shownRuns("group", "sweep-1"))
        .containsExactlyInAnyOrder(StoredRuns.FINISHED, StoredRuns.RUNNING);
    assertThat(shownRuns("group", ""))
        .containsExactlyInAnyOrder(StoredRuns.RESUMED, StoredRuns.ODD);
    assertThat(shownRuns("status", "running"))
        .contains(StoredRuns.RUNNING)
        .doesNotContain(StoredRuns.FINISHED);
    assertThat(shownRuns("project", "language")).containsExactly(StoredRuns.RESUMED);
    assertThat(shownRuns("search", "BASELINE")).containsExactly(StoredRuns.FINISHED);
    assertThat(shownRuns("search", "sgd")).containsExactly(StoredRuns.RESUMED);
    assertThat(shownRuns("search", "%")).isEmpty();
  }

  @Test
  void runs_inOrderOfTheirBestValue_beginWithIt() throws IOException {
    QueryResult table =
        run(stored, "runs.json")
            .choose("objective", "loss")
            .choose("order", "best")
            .run(range())
            .panel("Runs")
            .get(0);

    assertThat(table.values(column(table, "run_id")).subList(0, 3))
        .isEqualTo(List.of(StoredRuns.RUNNING, StoredRuns.FINISHED, StoredRuns.RESUMED));
  }

  @Test
  void best_ofALearningRate_isNone_unlessSomeoneSaysWhich() throws IOException {
    DashboardRun.Report auto =
        run(stored, "runs.json").choose("objective", "optim/lr").run(range());
    DashboardRun.Report highest =
        run(stored, "runs.json").choose("objective", "optim/lr").choose("goal", "max").run(range());
    DashboardRun.Report compared =
        run(stored, "compare.json").choose("run", StoredRuns.FINISHED).run(range());

    assertThat(auto.panel("Best ${objective}").get(0).rows()).isEmpty();
    assertThat(value(highest.panel("Best ${objective}"), "value")).isEqualTo(0.001);
    QueryResult best = compared.panel("Best of").get(0);
    assertThat(best.values(column(best, "Metric")))
        .contains("loss", "val/accuracy", "perf/step_time_ms")
        .doesNotContain("optim/lr", "epoch");
    assertThat(row(best, "Metric", "loss").get(column(best, "Best is"))).isEqualTo("↓ lowest");
    assertThat(row(best, "Metric", "val/accuracy").get(column(best, "Best is")))
        .isEqualTo("↑ highest");
  }

  @Test
  void run_resumed_showsItsAttempts() throws IOException {
    DashboardRun.Report report =
        run(stored, "run.json").choose("run", StoredRuns.RESUMED).run(range());

    QueryResult attempts = report.panel("Attempts").get(0);
    assertThat(attempts.values(column(attempts, "#"))).containsExactly("2", "1");
    assertThat(attempts.values(column(attempts, "Status"))).containsExactly("finished", "failed");
    assertThat(attempts.rows().get(1).get(column(attempts, "Error")))
        .isEqualTo("java.lang.OutOfMemoryError: heap");
    assertThat(attempts.rows().get(1).get(column(attempts, "Rows")))
        .isEqualTo((double) StoredRuns.STEPS / 2);
    QueryResult events = report.panel("Events").get(0);
    assertThat(events.values(column(events, "Kind"))).contains("start", "resume", "end");
  }

  @Test
  void run_withRowsThatDidNotArrive_namesThem() throws IOException {
    QueryResult attempts =
        run(stored, "run.json")
            .choose("run", StoredRuns.FINISHED)
            .run(range())
            .panel("Attempts")
            .get(0);

    assertThat(attempts.rows().get(0).get(column(attempts, "Missing"))).isEqualTo(3.0);
  }

  @Test
  void logs_areFilteredBySeverityAndText() throws IOException {
    QueryResult errors =
        run(stored, "run.json")
            .choose("run", StoredRuns.FINISHED)
            .choose("severity", "ERROR", "FATAL")
            .choose("log_search", "LINE 1")
            .run(range())
            .panel("Logs")
            .get(0);

    assertThat(errors.rows()).isNotEmpty();
    assertThat(errors.values(column(errors, "level"))).containsOnly("error", "critical");
    assertThat(errors.values(column(errors, "body")))
        .allSatisfy(line -> assertThat((String) line).startsWith("line 1"));
  }

  @Test
  void compared_runs_shareOneGridAndShowDifferences() throws IOException {
    DashboardRun.Report report =
        run(stored, "compare.json")
            .choose("run", StoredRuns.FINISHED, StoredRuns.RUNNING, StoredRuns.RESUMED)
            .choose("metric", "loss")
            .choose("objective", "loss")
            .choose("x_param", "lr")
            .run(range());

    QueryResult curves = report.panel("$metric").get(0);
    assertThat(curves.values(column(curves, "run")).stream().distinct()).hasSize(3);
    assertThat(curves.values(column(curves, "x")).stream().distinct())
        .hasSizeLessThanOrEqualTo(401);
    QueryResult parameters = report.panel("Parameters").get(0);
    assertThat(parameters.values(column(parameters, "Parameter"))).contains("lr", "optimizer");
    assertThat(parameters.values(column(parameters, "value")))
        .allSatisfy(v -> assertThat((String) v).startsWith("\u200b"));
    QueryResult scatter = report.panel("${objective} by ${x_param}").get(0);
    assertThat(scatter.values(column(scatter, "x"))).containsExactlyInAnyOrder(0.001, 0.01, 1e-4);
  }

  @Test
  void alerts_fireForTheRunWithNaN() throws IOException, SQLException {
    JsonNode file =
        new ObjectMapper(new YAMLFactory())
            .readTree(Path.of("provisioning/alerting/telestep.yaml").toFile());
    List<GrafanaQuery> queries = GrafanaQueries.ofAlertRules(file);

    assertThat(queries).hasSize(1);
    for (GrafanaQuery query : queries) {
      QueryResult result = stored.query(range().sql(query.rawSql()));
      assertThat(PanelExpectations.problems(query, result, range())).isEmpty();
      assertThat(result.values(column(result, "metric"))).containsExactly("diverged", "loss");
    }
  }

  @Test
  void role_readsNothingElseAndWritesNothing() {
    assertThatThrownBy(() -> stored.query("SELECT * FROM telestep_store.run"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> stored.query("CREATE TABLE telestep.mine (a int)"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void choose_anUnknownVariable_isRefused() throws IOException {
    DashboardRun run = run(stored, "run.json");

    assertThatThrownBy(() -> run.choose("runs", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the dashboard has no variable runs");
  }

  private List<@Nullable Object> shownRuns(String variable, String value) throws IOException {
    QueryResult table =
        run(stored, "runs.json").choose(variable, value).run(range()).panel("Runs").get(0);
    return table.values(column(table, "run_id"));
  }

  private double number(String sql) throws SQLException {
    Object value = stored.query(sql).rows().get(0).get(0);
    return value == null ? Double.NaN : ((Number) value).doubleValue();
  }

  private static DashboardRun run(StoredRuns runs, String file) throws IOException {
    return DashboardRun.of(dashboard(file), runs::query);
  }

  private static JsonNode dashboard(String file) throws IOException {
    return new ObjectMapper().readTree(Dashboards.files().get(file));
  }

  private GrafanaInterpolation range() {
    return GrafanaInterpolation.of(
        stored.started.minusSeconds(60), Instant.now(), Duration.ofSeconds(30));
  }

  private static int column(QueryResult result, String name) {
    List<String> names = new ArrayList<>();
    result.columns().forEach(c -> names.add(c.name()));
    assertThat(names).contains(name);
    return names.indexOf(name);
  }

  private static List<@Nullable Object> row(QueryResult result, String column, String value) {
    int index = column(result, column);
    return result.rows().stream()
        .filter(r -> Objects.equals(r.get(index), value))
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Object value(List<QueryResult> results, String column) {
    QueryResult result = results.get(0);
    return result.rows().get(0).get(column(result, column));
  }

  private static JsonNode json(@Nullable Object text) throws IOException {
    return new ObjectMapper().readTree(String.valueOf(text));
  }
}
