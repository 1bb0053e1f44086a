package dev.telestep.store.postgres;

import dev.telestep.store.RunReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads through the views of the schema {@code telestep}, as dashboards do. */
final class PostgresRunReader implements RunReader {

  private static final String RUNS =
      """
      SELECT * FROM telestep.runs
      WHERE (?::text IS NULL OR project = ?) AND (?::text IS NULL OR status = ?)
      ORDER BY started_at DESC, run_id LIMIT ?
      """;

  private static final String BY_ID = "SELECT * FROM telestep.runs WHERE run_id = ?";

  // The view works for each of its rows: the few that are wanted are chosen from the table.
  private static final String BY_PREFIX =
      """
      SELECT * FROM telestep.runs WHERE run_id = ANY (ARRAY(
        SELECT run_id FROM telestep_store.run WHERE run_id ^@ ?
        ORDER BY started_ns DESC, run_id LIMIT ?))
      ORDER BY started_at DESC, run_id
      """;

  private static final String BY_NAME =
      """
      SELECT * FROM telestep.runs WHERE run_id = ANY (ARRAY(
        SELECT run_id FROM telestep_store.run WHERE name = ?
        ORDER BY started_ns DESC, run_id LIMIT ?))
      ORDER BY started_at DESC, run_id
      """;

  private final DataSource database;
  private final SchemaMigrator migrator;

  PostgresRunReader(DataSource database, SchemaMigrator migrator) {
    this.database = database;
    this.migrator = migrator;
  }

  @Override
  public List<Run> runs(Filter filter) {
    return read(
        connection -> {
          List<Run> found =
              query(
                  connection,
                  RUNS,
                  PostgresRunReader::run,
                  filter.project(),
                  filter.project(),
                  filter.status(),
                  filter.status(),
                  filter.limit());
          return withMetrics(connection, found);
        });
  }

  @Override
  public List<Run> find(String text, int limit) {
    String wanted = Texts.clean(text);
    if (wanted.isEmpty()) {
      return List.of();
    }
    return read(
        connection -> {
          List<Run> byId = query(connection, BY_ID, PostgresRunReader::run, wanted);
          if (!byId.isEmpty()) {
            return withMetrics(connection, byId);
          }
          List<Run> found = query(connection, BY_PREFIX, PostgresRunReader::run, wanted, limit);
          if (found.size() != 1) {
            List<Run> named = query(connection, BY_NAME, PostgresRunReader::run, wanted, limit);
            found = named.isEmpty() ? found : named;
          }
          return withMetrics(connection, found);
        });
  }

  @Override
  public List<Attempt> attempts(String runId) {
    String sql =
        """
        SELECT a.*, coalesce(s.rows, 0) AS rows_stored FROM telestep.attempts a
        LEFT JOIN telestep.rows_stored(?) s ON s.attempt = a.attempt
        WHERE a.run_id = ? ORDER BY a.number
        """;
    return read(c -> query(c, sql, PostgresRunReader::attempt, clean(runId), clean(runId)));
  }

  @Override
  public List<Metric> metrics(String runId) {
    String sql = "SELECT * FROM telestep.run_metrics WHERE run_id = ? ORDER BY key";
    return read(c -> query(c, sql, PostgresRunReader::metric, clean(runId)));
  }

  @Override
  public List<CurvePoint> curve(String runId, String key, String xAxis, int buckets) {
    String sql = "SELECT * FROM telestep.curve(ARRAY[?], ?, ?, 0, NULL, NULL, ?) ORDER BY x";
    return read(
        c ->
            query(
                c, sql, PostgresRunReader::point, clean(runId), clean(key), clean(xAxis), buckets));
  }

  @Override
  public List<Log> logs(String runId, long afterCursor, int limit) {
    // Not through the view: it has no numeric severity.
    String sql =
        """
        SELECT id, time_ns, severity, stream, body FROM telestep_store.log_line
        WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?
        """;
    return read(c -> query(c, sql, PostgresRunReader::log, clean(runId), afterCursor, limit));
  }

  private static List<Run> withMetrics(Connection connection, List<Run> runs) throws SQLException {
    Map<String, Map<String, Double>> metrics = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT run_id, key, last FROM telestep.run_metrics"
                + " WHERE run_id = ANY (?) AND last IS NOT NULL")) {
      Object[] ids = runs.stream().map(Run::id).toArray();
      select.setArray(1, connection.createArrayOf("text", ids));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          metrics
              .computeIfAbsent(Columns.text(rows, "run_id"), r -> new TreeMap<>())
              .put(Columns.text(rows, "key"), rows.getDouble("last"));
        }
      }
    }
    return runs.stream().map(r -> withMetrics(r, metrics.getOrDefault(r.id(), Map.of()))).toList();
  }

  private static Run withMetrics(Run r, Map<String, Double> metrics) {
    return new Run(
        r.id(),
        r.name(),
        r.project(),
        r.group(),
        r.status(),
        r.progress(),
        r.epoch(),
        r.overallEpochs(),
        r.step(),
        r.overallSteps(),
        r.etaSeconds(),
        r.startedAt(),
        r.endedAt(),
        r.durationSeconds(),
        r.tags(),
        r.parameters(),
        metrics,
        r.host(),
        r.error());
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        Columns.text(row, "run_id"),
        Columns.text(row, "name"),
        Columns.text(row, "project"),
        row.getString("group_name"),
        Columns.text(row, "status"),
        Columns.doubleOrNull(row, "progress"),
        Columns.doubleOrNull(row, "epoch"),
        Columns.doubleOrNull(row, "overall_epochs"),
        Columns.longOrNull(row, "step"),
        Columns.longOrNull(row, "overall_steps"),
        Columns.doubleOrNull(row, "eta_seconds"),
        instant(row, "started_at"),
        instantOrNull(row, "ended_at"),
        row.getDouble("duration_s"),
        Json.list(Columns.text(row, "tags")),
        Json.map(Columns.text(row, "params")),
        Map.of(),
        row.getString("host"),
        row.getString("error"));
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    return new Attempt(
        Columns.text(row, "attempt"),
        row.getInt("number"),
        Columns.text(row, "status"),
        instant(row, "started_at"),
        instantOrNull(row, "ended_at"),
        Columns.longOrNull(row, "rows_logged"),
        row.getLong("rows_stored"),
        row.getString("error_type"),
        row.getString("error_message"));
  }

  private static Metric metric(ResultSet row) throws SQLException {
    return new Metric(
        Columns.text(row, "key"),
        row.getLong("n"),
        row.getLong("nonfinite"),
        Columns.doubleOrNull(row, "last"),
        Columns.longOrNull(row, "last_step"),
        Columns.doubleOrNull(row, "min"),
        Columns.longOrNull(row, "min_step"),
        Columns.doubleOrNull(row, "max"),
        Columns.longOrNull(row, "max_step"),
        Columns.doubleOrNull(row, "mean"));
  }

  private static CurvePoint point(ResultSet row) throws SQLException {
    return new CurvePoint(
        row.getDouble("x"),
        Columns.doubleOrNull(row, "mean"),
        Columns.doubleOrNull(row, "min"),
        Columns.doubleOrNull(row, "max"),
        Columns.doubleOrNull(row, "last"),
        row.getLong("nonfinite"));
  }

  private static Log log(ResultSet row) throws SQLException {
    long nanos = row.getLong("time_ns");
    return new Log(
        row.getLong("id"),
        Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000),
        row.getInt("severity"),
        Columns.text(row, "stream"),
        Columns.text(row, "body"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Instant instant = instantOrNull(row, column);
    if (instant == null) {
      throw new SQLException("column " + column + " is null");
    }
    return instant;
  }

  private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static String clean(String text) {
    return Texts.clean(text);
  }

  private <T> T read(Work<T> work) {
    try {
      migrator.ensure();
      try (Connection connection = database.getConnection()) {
        return work.on(connection);
      }
    } catch (SQLException e) {
      throw Failures.toStoreException("reading", e);
    }
  }

  private static <T> List<T> query(
      Connection connection, String sql, Mapper<T> mapper, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(mapper.map(rows));
        }
      }
      return found;
    }
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }
}
