package dev.telestep.store.postgres;

import dev.telestep.store.RunReader;
import dev.telestep.store.RunWriter;
import dev.telestep.store.StoreFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The PostgreSQL store on one database. */
final class PostgresFixture implements StoreFixture {

  private final PostgresSettings settings;
  private PostgresStore store;
  private final List<PostgresStore> others = new ArrayList<>();

  PostgresFixture(PostgresSettings settings) {
    this.settings = settings;
    store = PostgresStore.open(settings);
  }

  @Override
  public RunWriter writer() {
    return store.writer();
  }

  @Override
  public RunReader reader() {
    return store.reader();
  }

  @Override
  public RunWriter anotherWriter() {
    PostgresStore other = PostgresStore.open(settings);
    others.add(other);
    return other.writer();
  }

  @Override
  public void restart() {
    close();
    store = PostgresStore.open(settings);
  }

  @Override
  public List<ShownPoint> points(String runId, String key) {
    return points(
        "SELECT attempt, step, time_ns, value FROM telestep.points"
            + " WHERE run_id = ? AND key = ? ORDER BY step, time_ns",
        runId,
        key);
  }

  @Override
  public List<ShownPoint> superseded(String runId, String key) {
    return points(
        "SELECT attempt, step, time_ns, value FROM telestep.all_points"
            + " WHERE superseded AND run_id = ? AND key = ? ORDER BY step, time_ns",
        runId,
        key);
  }

  @Override
  public List<ShownText> texts(String runId, String key) {
    try (Connection connection = connect();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT step, time_ns, value FROM telestep.texts"
                    + " WHERE run_id = ? AND key = ? ORDER BY time_ns")) {
      select.setString(1, runId);
      select.setString(2, key);
      List<ShownText> texts = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          texts.add(
              new ShownText(
                  Columns.longOrNull(row, "step"), row.getLong("time_ns"), row.getString("value")));
        }
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
  }

  private List<ShownPoint> points(String sql, String runId, String key) {
    try (Connection connection = connect();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, runId);
      select.setString(2, key);
      // Binary transfer from the first execution on: text would lose the bits of a NaN.
      ((org.postgresql.PGStatement) select).setPrepareThreshold(-1);
      List<ShownPoint> points = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          points.add(
              new ShownPoint(
                  row.getString("attempt"),
                  Columns.longOrNull(row, "step"),
                  row.getLong("time_ns"),
                  Double.doubleToRawLongBits(row.getDouble("value"))));
        }
      }
      return points;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.close();
    others.forEach(PostgresStore::close);
    others.clear();
  }
}
