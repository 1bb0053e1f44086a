package dev.telestep.examples.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telestep.dashboards.check.DashboardRun;
import dev.telestep.dashboards.check.GrafanaInterpolation;
import dev.telestep.dashboards.check.GrafanaQuery;
import dev.telestep.dashboards.check.QueryResult;
import dev.telestep.dashboards.check.QueryResult.Column;
import dev.telestep.dashboards.check.VariableValue;
import dev.telestep.store.postgres.PostgresSettings;
import dev.telestep.store.postgres.PostgresStore;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A real Grafana with our provisioning over a real PostgreSQL with our schema and two runs. */
@Tag("docker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrafanaTest {

  private static final Path DASHBOARDS =
      Path.of(System.getProperty("telestep.root", "../.."), "grafana-dashboards");
  private static final String PASSWORD = "write";
  private static final String READ_PASSWORD = "read";

  private final Instant from = Instant.now().minus(Duration.ofHours(1));
  private final Instant to = from.plus(Duration.ofMinutes(50));
  private final Network network = Network.newNetwork();
  private final GenericContainer<?> postgres =
      new GenericContainer<>(DockerImageName.parse("postgres:18"))
          .withNetwork(network)
          .withNetworkAliases("postgres")
          .withEnv(
              Map.of(
                  "POSTGRES_DB", "telestep",
                  "POSTGRES_USER", "telestep",
                  "POSTGRES_PASSWORD", PASSWORD))
          .withExposedPorts(5432)
          // The image starts the server once to set it up, and once for good.
          .waitingFor(Wait.forLogMessage(".*ready to accept connections.*", 2));
  private final GenericContainer<?> server =
      new GenericContainer<>(DockerImageName.parse("grafana/grafana:12.3.0"))
          .withNetwork(network)
          .withEnv(
              Map.of(
                  "GF_SECURITY_ADMIN_PASSWORD", "admin",
                  "GF_PLUGINS_PREINSTALL_DISABLED", "true",
                  "TELESTEP_PG_ADDR", "postgres:5432",
                  "TELESTEP_PG_DATABASE", "telestep",
                  "TELESTEP_PG_USER", "telestep_ro",
                  "TELESTEP_PG_PASSWORD", READ_PASSWORD,
                  "TELESTEP_PG_SSLMODE", "disable",
                  "TELESTEP_DASHBOARDS", "/var/lib/telestep/dashboards"))
          .withCopyFileToContainer(
              MountableFile.forHostPath(DASHBOARDS.resolve("provisioning"), 0755),
              "/etc/grafana/provisioning")
          .withCopyFileToContainer(
              MountableFile.forHostPath(DASHBOARDS.resolve("dashboards"), 0755),
              "/var/lib/telestep/dashboards")
          .withExposedPorts(3000)
          .waitingFor(Wait.forHttp("/api/health").forPort(3000));

  @BeforeAll
  void start() throws Exception {
    postgres.start();
    PostgresSettings settings =
        PostgresSettings.of(jdbcUrl(), "telestep", PASSWORD).withReadOnlyPassword(READ_PASSWORD);
    try (PostgresStore store = PostgresStore.open(settings)) {
      assertThat(store.health().check()).isNull();
      store.writer().write(ExampleRun.of("run-1", from, 0.01)).get(30, TimeUnit.SECONDS);
      store.writer().write(ExampleRun.of("run-2", from, 0.02)).get(30, TimeUnit.SECONDS);
    }
    server.start();
  }

  @AfterAll
  void stop() {
    server.stop();
    postgres.stop();
    network.close();
  }

  @Test
  void dataSource_isHealthy() {
    JsonNode health = grafana().get("/api/datasources/uid/telestep/health");

    assertThat(health.path("status").asText()).as(health.toString()).isEqualTo("OK");
  }

  @Test
  void dashboards_areInOneFolder() {
    JsonNode found = grafana().get("/api/search?type=dash-db");

    assertThat(found.findValuesAsText("uid"))
        .contains("telestep-runs", "telestep-run", "telestep-compare");
    assertThat(found.findValuesAsText("folderTitle")).containsOnly("Telestep");
    assertThat(grafana().get("/api/folders").findValuesAsText("title")).containsExactly("Telestep");
  }

  @Test
  void alertRule_isLoaded() {
    JsonNode rules = grafana().get("/api/v1/provisioning/alert-rules");

    assertThat(rules.findValuesAsText("uid")).contains("telestep-nan-metric");
  }

  @ParameterizedTest
  @ValueSource(strings = {"telestep-runs", "telestep-run", "telestep-compare"})
  void everyQuery_isAnsweredByGrafana_asByPostgres(String uid) throws SQLException {
    Grafana grafana = grafana();
    JsonNode dashboard = grafana.get("/api/dashboards/uid/" + uid).path("dashboard");
    try (Connection connection =
        DriverManager.getConnection(jdbcUrl(), "telestep_ro", READ_PASSWORD)) {
      DashboardRun run = DashboardRun.of(dashboard, sql -> both(grafana, connection, sql));
      if (uid.equals("telestep-run")) {
        run.choose("run", "run-1");
      } else if (uid.equals("telestep-compare")) {
        run.choose("run", "run-1", "run-2");
      }

      DashboardRun.Report report =
          run.run(GrafanaInterpolation.of(from, to, Duration.ofSeconds(30)));

      assertThat(report.problems()).isEmpty();
      assertThat(report.answers()).isNotEmpty();
      for (DashboardRun.Answer answer : report.answers()) {
        asTheBrowserAsks(grafana, answer.query(), report.variables());
      }
    }
  }

  /** Asks PostgreSQL and Grafana the same, and expects the same columns and number of rows. */
  private QueryResult both(Grafana grafana, Connection connection, String sql) throws SQLException {
    QueryResult expected;
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      expected = QueryResult.read(results);
    }
    Grafana.Frame frame = grafana.query(sql, "table", from, to);
    assertThat(frame.rows()).as(sql).isEqualTo(expected.rows().size());
    if (frame.rows() > 0) {
      List<String> names = expected.columns().stream().map(Column::name).toList();
      assertThat(frame.fields()).as(sql).isEqualTo(names);
    }
    return expected;
  }

  /** Variables filled in, macros left to Grafana, in the panel's own format; an error fails. */
  private void asTheBrowserAsks(
      Grafana grafana, GrafanaQuery query, GrafanaInterpolation variables) {
    GrafanaInterpolation chosen = variables;
    VariableValue repeated = query.repeat().isEmpty() ? null : variables.variable(query.repeat());
    if (repeated != null && !repeated.values().isEmpty()) {
      chosen = variables.with(query.repeat(), VariableValue.single(repeated.values().get(0)));
    }
    Grafana.Frame frame = grafana.query(chosen.text(query.rawSql()), query.format(), from, to);
    assertThat(frame.rows()).as(query.toString()).isNotNegative();
  }

  private Grafana grafana() {
    URI base = URI.create("http://" + server.getHost() + ":" + server.getMappedPort(3000) + "/");
    return new Grafana(base, "admin", "admin");
  }

  private String jdbcUrl() {
    return "jdbc:postgresql://"
        + postgres.getHost()
        + ":"
        + postgres.getMappedPort(5432)
        + "/telestep";
  }
}
