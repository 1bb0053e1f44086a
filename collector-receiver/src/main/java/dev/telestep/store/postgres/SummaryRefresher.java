package dev.telestep.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes dirty summaries from the points that are shown, twice a second, and forgets old request
 * ids.
 *
 * <p>The first tries take no lock: a snapshot is computed and the result only stored if no commit
 * has touched the summary since (REPEATABLE READ finds out). Where commits come faster than that,
 * the run is locked for the time it takes.
 */
final class SummaryRefresher implements Runnable {

  private static final Logger logger = LoggerFactory.getLogger(SummaryRefresher.class);

  private static final int TRIES_WITHOUT_LOCK = 2;
  private static final int AT_ONCE = 500;
  private static final long PRUNE_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final String REFRESH =
      """
      WITH p AS MATERIALIZED (
        SELECT r.attempt, r.step, r.time_ns, r.value, r.superseded, telestep.is_finite(r.value) AS ok
        FROM telestep_store.resolved r WHERE r.run_id = ? AND r.series = ?),
      shown AS MATERIALIZED (SELECT * FROM p WHERE NOT superseded),
      total AS (
        SELECT count(*) AS n, count(*) FILTER (WHERE NOT ok) AS nonfinite,
          coalesce(sum(CASE WHEN ok AND abs(value) < 1e290 THEN value END), 0) AS sum,
          coalesce(sum(CASE WHEN ok AND abs(value) >= 1e290 THEN value / 1e30 END), 0) AS sum_huge
        FROM shown),
      newest AS (
        SELECT p.attempt, max(p.step) AS top_step,
          max(p.time_ns) FILTER (WHERE p.step IS NULL) AS top_free_ns
        FROM p JOIN telestep_store.attempt a ON a.run_id = ? AND a.no = p.attempt
        GROUP BY p.attempt, a.started_ns, a.first_ns, a.attempt
        ORDER BY coalesce(a.started_ns, a.first_ns) DESC, a.attempt DESC LIMIT 1),
      raw AS (
        SELECT count(*) AS n FROM (
          SELECT unnest(c.times) AS time_ns FROM telestep_store.chunk c
          WHERE c.run_id = ? AND c.series = ?) u
        WHERE u.time_ns >= (
          SELECT m.reset_ns FROM telestep_store.series_summary m WHERE m.run_id = ? AND m.series = ?))
      UPDATE telestep_store.series_summary s SET
        dirty = false, repeated = raw.n <> (SELECT count(*) FROM p),
        has_free = EXISTS (SELECT FROM p WHERE step IS NULL),
        attempt = newest.attempt, top_step = newest.top_step, top_free_ns = newest.top_free_ns,
        n = total.n, nonfinite = total.nonfinite, sum = total.sum, sum_huge = total.sum_huge,
        min = least.value, min_step = least.step, min_ns = least.time_ns,
        max = most.value, max_step = most.step, max_at_ns = most.time_ns,
        last = final.value, last_step = final.step, last_ns = final.time_ns
      FROM total CROSS JOIN raw
      LEFT JOIN newest ON true
      LEFT JOIN (SELECT * FROM shown WHERE ok ORDER BY value, step, time_ns LIMIT 1) least ON true
      LEFT JOIN (SELECT * FROM shown WHERE ok ORDER BY value DESC, step, time_ns LIMIT 1) most ON true
      LEFT JOIN (SELECT * FROM shown ORDER BY time_ns DESC, step DESC NULLS LAST LIMIT 1) final ON true
      WHERE s.run_id = ? AND s.series = ? AND s.dirty
      """;

  private final DataSource database;
  private final SchemaMigrator migrator;
  private final StoreMeters meters;
  private final Map<Series, Integer> tries = new HashMap<>();
  private long nextPrune = System.nanoTime();

  SummaryRefresher(DataSource database, SchemaMigrator migrator, StoreMeters meters) {
    this.database = database;
    this.migrator = migrator;
    this.meters = meters;
  }

  private record Series(String runId, int number) {}

  @Override
  public void run() {
    try {
      migrator.ensure();
      refreshAll();
      prune();
    } catch (SQLException | RuntimeException e) {
      // The committer tells of outages, and the next round tries again.
      logger.debug("summaries were not refreshed", e);
    }
  }

  private void refreshAll() throws SQLException {
    List<Series> dirty = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT run_id, series FROM telestep_store.series_summary WHERE dirty LIMIT "
                    + AT_ONCE)) {
      while (rows.next()) {
        dirty.add(new Series(Columns.text(rows, "run_id"), rows.getInt("series")));
      }
    }
    tries.keySet().retainAll(dirty);
    for (Series series : dirty) {
      refresh(series);
    }
  }

  private void refresh(Series series) throws SQLException {
    int tried = tries.getOrDefault(series, 0);
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      if (tried < TRIES_WITHOUT_LOCK) {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      } else {
        try (PreparedStatement lock =
            connection.prepareStatement(
                "SELECT 1 FROM telestep_store.run WHERE run_id = ? FOR UPDATE")) {
          lock.setString(1, series.runId);
          lock.executeQuery().close();
        }
      }
      try (PreparedStatement update = connection.prepareStatement(REFRESH)) {
        bind(update, 1, series);
        update.setString(3, series.runId);
        bind(update, 4, series);
        bind(update, 6, series);
        bind(update, 8, series);
        update.executeUpdate();
      }
      connection.commit();
      tries.remove(series);
      meters.refreshedSummaries.increment();
    } catch (SQLException e) {
      if (!Failures.isRetryable(e)) {
        throw e;
      }
      tries.put(series, tried + 1);
    }
  }

  private static void bind(PreparedStatement statement, int at, Series series) throws SQLException {
    statement.setString(at, series.runId);
    statement.setInt(at + 1, series.number);
  }

  /** A client gives up sending a request again long before a day has passed. */
  private void prune() throws SQLException {
    if (System.nanoTime() < nextPrune) {
      return;
    }
    nextPrune = System.nanoTime() + PRUNE_NANOS;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "DELETE FROM telestep_store.request WHERE stored_at < now() - interval '1 day'");
    }
  }
}
