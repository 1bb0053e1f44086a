package dev.telestep.store.postgres;

import static dev.telestep.store.Writes.now;
import static dev.telestep.store.Writes.point;
import static dev.telestep.store.Writes.start;
import static dev.telestep.store.Writes.steps;
import static dev.telestep.store.Writes.text;
import static dev.telestep.store.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telestep.model.RunRecord;
import dev.telestep.model.SeriesKey;
import dev.telestep.postgres.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema {@code telestep} as the dashboards see it: as the read-only role. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadSchemaTest {

  private static final String READER_PASSWORD = "reader's pass word";

  private String url;
  private PostgresStore store;
  private Connection reader;

  @BeforeAll
  void fill() throws SQLException {
    TestServer server = TestServer.shared();
    url = server.newDatabase();
    store =
        PostgresStore.open(
            PostgresSettings.of(url, server.user(), server.password())
                .withReadOnlyPassword(READER_PASSWORD));
    long t = now() - 1_000_000_000_000L;
    for (int r = 0; r < 20; r++) {
      double[] values = new double[10_000];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 100 + r;
      }
      long offset = t + r;
      write(
          store.writer(),
          "run" + r,
          "a",
          start(t),
          steps("loss", 0, offset, values),
          steps("val/loss", 0, offset, values));
    }
    write(
        store.writer(),
        "run0",
        "a",
        new RunRecord.Parameter("lr", "0.1", 1),
        text("note", 5, t, "hello"),
        new RunRecord.LogLine(t, 17, "stderr", "boom"),
        new RunRecord.Info("first", "proj", "grp", List.of("x"), Map.of("host.name", "h1"), t),
        new RunRecord.Numbers(
            new SeriesKey("gpu", new TreeMap<>(Map.of("n", "0")), SeriesKey.Kind.RESOURCE),
            new long[] {RunRecord.NO_STEP},
            new long[] {t + 5_000_000},
            new double[] {0.5}));
    reader = DriverManager.getConnection(url, "telestep_ro", READER_PASSWORD);
  }

  @AfterAll
  void close() throws SQLException {
    reader.close();
    store.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runs|run_id text,name text,project text,group_name text,status text,progress float8,epoch float8,overall_epochs float8,step int8,overall_steps int8,eta_seconds float8,started_at timestamptz,ended_at timestamptz,duration_s float8,tags jsonb,params jsonb,host text,error text",
        "attempts|run_id text,attempt text,number int4,status text,started_at timestamptz,ended_at timestamptz,rows_logged int8,error_type text,error_message text",
        "run_metrics|run_id text,key text,last float8,last_step int8,min float8,min_step int8,max float8,max_step int8,mean float8,n int8,nonfinite int8",
        "points|run_id text,key text,attributes jsonb,kind text,attempt text,step int8,time timestamptz,value float8,time_ns int8",
        "all_points|run_id text,key text,attributes jsonb,kind text,attempt text,step int8,time timestamptz,value float8,time_ns int8,superseded bool",
        "parameters|run_id text,key text,value text",
        "texts|run_id text,key text,step int8,time timestamptz,value text,time_ns int8",
        "logs|run_id text,time timestamptz,severity text,body text,id int8,stream text,time_ns int8",
        "events|run_id text,time timestamptz,time_end timestamptz,kind text,text text",
        "hardware|run_id text,time timestamptz,step int8,name text,attrs jsonb,value float8",
        "artifacts|run_id text,name text,type text,version int4,alias text,bytes int8,sha256 text,created_at timestamptz",
        "curve(ARRAY['run0'], 'loss')|x float8,run_id text,run text,mean float8,min float8,max float8,last float8,smooth float8,nonfinite int8",
        "rows_stored('run0')|attempt text,rows int8"
      })
  void viewsAndFunctions_haveTheDocumentedColumns(String relation, String columns)
      throws SQLException {
    try (Statement statement = reader.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT * FROM telestep." + relation + " LIMIT 1")) {
      ResultSetMetaData meta = rows.getMetaData();
      List<String> found = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        found.add(meta.getColumnName(i) + " " + meta.getColumnTypeName(i));
      }
      assertThat(String.join(",", found)).isEqualTo(columns);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs",
        "attempts",
        "run_metrics",
        "points",
        "all_points",
        "parameters",
        "texts",
        "logs",
        "events",
        "hardware",
        "artifacts"
      })
  void view_hasTheColumnsOfTheArchitecture(String view) throws SQLException, IOException {
    String row =
        Files.readString(Path.of("../ARCHITECTURE.md"))
            .lines()
            .filter(line -> line.startsWith("| `" + view + "` |"))
            .findFirst()
            .orElseThrow();
    String listed =
        row.substring(row.indexOf('|', 2) + 2).replaceAll(" jsonb| boolean| \\(.*?\\)", "");

    assertThat(listed)
        .matches(
            value(
                    "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position)"
                        + " FROM information_schema.columns"
                        + " WHERE table_schema = 'telestep' AND table_name = '"
                        + view
                        + "'")
                + "(:.*)? \\|");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM telestep_store.run",
        "SELECT * FROM telestep_store.resolved",
        "SELECT telestep_store.prepare_reader()",
        "SELECT rolpassword FROM pg_authid",
        "CREATE TABLE telestep.x (i int)",
        "CREATE TABLE public.x (i int)",
        "CREATE TEMPORARY TABLE x (i int)",
        "DELETE FROM telestep.parameters",
        "UPDATE telestep.parameters SET value = ''",
        "CREATE ROLE another",
        "COPY telestep.runs TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')"
      })
  void readOnlyRole_isRefusedEverythingElse(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "telestep_ro", READER_PASSWORD);
        Statement statement = connection.createStatement()) {
      // The guard is the missing right, not the setting, which the role can change.
      statement.execute("SET default_transaction_read_only = off");
      assertThatThrownBy(() -> statement.execute(sql))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
  }

  @Test
  void readOnlyRole_hasItsLimits() throws SQLException {
    assertThat(value("SHOW default_transaction_read_only")).isEqualTo("on");
    assertThat(value("SHOW statement_timeout")).isEqualTo("20s");
    assertThat(value("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'telestep_ro'"))
        .isEqualTo("30");
    assertThatThrownBy(() -> DriverManager.getConnection(url, "telestep_ro", "wrong"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void curveOfTwentyRuns_sharesOneGrid() throws SQLException {
    String runs = "(SELECT array_agg('run' || i) FROM generate_series(0, 19) i)";
    assertThat(
            value(
                "SELECT count(*) || ' ' || count(DISTINCT x) || ' ' || count(DISTINCT run_id)"
                    + " FROM telestep.curve("
                    + runs
                    + ", 'loss')"))
        .isEqualTo("8000 400 20");
    assertThat(
            value(
                "SELECT bool_and(x >= 200 AND x <= 300) || ' ' || count(*) FROM"
                    + " telestep.curve(ARRAY['run1'], 'loss', 'step', 0.5, 200, 300, 1000)"))
        .isEqualTo("true 101");
    assertThat(
            value(
                "SELECT bool_and(abs(mean - 51.5) < 2) || ' ' || count(*) FROM"
                    + " telestep.curve(ARRAY['run2'], 'loss', 'time', 0.9, NULL, NULL, 50)"))
        .isEqualTo("true 50");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ARRAY[]::text[], 'loss'",
        "NULL, 'loss'",
        "ARRAY['run0'], NULL",
        "ARRAY['nobody'], 'loss'",
        "ARRAY['run0'], 'loss', ''';DROP TABLE x;--'",
        "ARRAY['run0'], 'loss', 'epoch'",
        "ARRAY['run0'], 'loss', 'step', 0, 10, 5"
      })
  void curveOfNothing_hasNoRows(String arguments) throws SQLException {
    assertThat(value("SELECT count(*) FROM telestep.curve(" + arguments + ")")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'step', NULL, NULL, NULL, NULL",
        "NULL, 2, NULL, NULL, -5",
        "'step', 'NaN', NULL, NULL, 1",
        "'step', -1, '-Infinity', 'Infinity', 2147483647"
      })
  void curveOfStrangeArguments_givesRows(String arguments) throws SQLException {
    assertThat(
            Integer.parseInt(
                value(
                    "SELECT count(*) FROM telestep.curve(ARRAY['run0'], 'loss', "
                        + arguments
                        + ")")))
        .isPositive();
  }

  @Test
  void extremeValues_breakNoPanel() throws SQLException {
    double[] values = {
      1e308,
      1.7e308,
      -1e308,
      Double.MAX_VALUE,
      Double.MAX_VALUE,
      1e200,
      -1e200,
      Double.MIN_VALUE,
      Double.MIN_VALUE,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    double[] zeros = new double[2_000];
    zeros[0] = 1;
    write(
        store.writer(),
        "extreme",
        "a",
        steps("loss", 0, 0, values),
        steps("zeros", 0, 0, zeros),
        new RunRecord.Progress("epoch", 1e-320, 1),
        new RunRecord.Progress("overall_epochs", 1e300, 1),
        new RunRecord.Progress("overall_steps", 1e-9, 1),
        point("big", Long.MAX_VALUE, 5, 1));
    for (int buckets : new int[] {1, 3, 100}) {
      value(
          "SELECT sum(nonfinite) FROM telestep.curve(ARRAY['extreme'], 'loss', 'step', 0.3, NULL, NULL, "
              + buckets
              + ")");
      value("SELECT telestep.spark('extreme', 'loss', " + buckets + ")");
    }
    assertThat(
            value(
                "SELECT count(smooth) FROM"
                    + " telestep.curve(ARRAY['extreme'], 'zeros', 'step', 0.01, NULL, NULL, 5000)"))
        .isEqualTo("2000");
    assertThat(value("SELECT count(*) FROM telestep.curve(ARRAY['extreme'], 'zeros', 'loss')"))
        .isEqualTo("3");
    assertThat(value("SELECT status FROM telestep.runs WHERE run_id = 'extreme'"))
        .isEqualTo("running");
    assertThat(
            value(
                "SELECT mean IS NOT NULL FROM telestep.run_metrics"
                    + " WHERE run_id = 'extreme' AND key = 'loss'"))
        .isEqualTo("t");
  }

  @Test
  void sparkline_isAnArrayOfBucketMeans() throws SQLException {
    assertThat(value("SELECT telestep.spark('run0', 'loss', 2)")).isEqualTo("[49.5, 49.5]");
    assertThat(value("SELECT jsonb_array_length(telestep.spark('run0', 'loss'))")).isEqualTo("40");
    assertThat(value("SELECT telestep.spark('run0', 'nothing') IS NULL")).isEqualTo("t");
  }

  @Test
  void otherViews_showWhatWasWritten() throws SQLException {
    assertThat(value("SELECT value FROM telestep.parameters WHERE run_id = 'run0'"))
        .isEqualTo("0.1");
    assertThat(value("SELECT params FROM telestep.runs WHERE run_id = 'run0'"))
        .isEqualTo("{\"lr\": \"0.1\"}");
    assertThat(value("SELECT severity || body || stream FROM telestep.logs"))
        .isEqualTo("ERRORboomstderr");
    assertThat(value("SELECT value FROM telestep.texts")).isEqualTo("hello");
    assertThat(value("SELECT name || attrs || value || ' ' || step FROM telestep.hardware"))
        .isEqualTo("gpu{\"n\": \"0\"}0.5 5000");
    assertThat(value("SELECT kind || text FROM telestep.events WHERE run_id = 'run0'"))
        .isEqualTo("startRun started");
    assertThat(value("SELECT count(*) FROM telestep.run_metrics WHERE run_id = 'run0'"))
        .isEqualTo("2");
    assertThat(value("SELECT rows FROM telestep.rows_stored('run0')")).isEqualTo("10000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM telestep.points WHERE run_id = ANY (ARRAY['run3', 'run4']) AND key = 'loss'",
        "SELECT * FROM telestep.run_metrics WHERE run_id = 'run3'",
        "SELECT * FROM telestep.hardware WHERE run_id = 'run3'",
        "SELECT * FROM telestep.logs WHERE run_id = 'run3' ORDER BY time DESC LIMIT 100"
      })
  void queriesOfSomeRuns_readNoOtherRuns(String sql) throws SQLException {
    try (Connection connection = TestServer.shared().superuser(url);
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE");
      // Tables are tiny here: without this every plan scans them.
      statement.execute("SET enable_seqscan = off");
      try (ResultSet plan = statement.executeQuery("EXPLAIN " + sql)) {
        List<String> lines = new ArrayList<>();
        while (plan.next()) {
          lines.add(plan.getString(1));
        }
        assertThat(lines.stream().collect(Collectors.joining("\n"))).doesNotContain("Seq Scan");
      }
    }
  }

  private String value(String sql) throws SQLException {
    try (Statement statement = reader.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).as(sql).isTrue();
      return String.valueOf(rows.getString(1));
    }
  }
}
