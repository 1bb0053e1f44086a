package dev.telestep.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code series_summary}: carried forward where points are appended behind all that is
 * known, else marked dirty for the refresher.
 */
final class SummaryRow {

  /** From here on values are summed in units of {@link #HUGE_UNIT}, so that sums stay finite. */
  private static final double HUGE = 1e290;

  private static final double HUGE_UNIT = 1e30;

  static final String SELECT =
      """
      SELECT m.* FROM unnest(?::text[], ?::int4[]) AS u(run_id, series)
      JOIN telestep_store.series_summary m ON m.run_id = u.run_id AND m.series = u.series
      """;

  private static final String UPDATE =
      """
      UPDATE telestep_store.series_summary s SET
        reset_ns = u.reset_ns, max_ns = u.max_ns, repeated = u.repeated, has_free = u.has_free,
        dirty = u.dirty, attempt = u.attempt, top_step = u.top_step, top_free_ns = u.top_free_ns,
        n = u.n, nonfinite = u.nonfinite, sum = u.sum, sum_huge = u.sum_huge,
        min = u.min, min_step = u.min_step, min_ns = u.min_ns,
        max = u.max, max_step = u.max_step, max_at_ns = u.max_at_ns,
        last = u.last, last_step = u.last_step, last_ns = u.last_ns
      FROM unnest(?::text[], ?::int4[], ?::int8[], ?::int8[], ?::bool[], ?::bool[], ?::bool[],
        ?::int2[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::float8[], ?::float8[],
        ?::float8[], ?::int8[], ?::int8[], ?::float8[], ?::int8[], ?::int8[], ?::float8[],
        ?::int8[], ?::int8[])
        AS u(run_id, series, reset_ns, max_ns, repeated, has_free, dirty, attempt, top_step,
          top_free_ns, n, nonfinite, sum, sum_huge, min, min_step, min_ns, max, max_step, max_at_ns,
          last, last_step, last_ns)
      WHERE s.run_id = u.run_id AND s.series = u.series
      """;

  final String runId;
  final int series;
  private long resetNanos;
  private long maxNanos;
  private boolean repeated;
  private boolean hasFree;
  private boolean dirty;
  private @Nullable Integer attempt;
  private @Nullable Long topStep;
  private @Nullable Long topFreeNanos;
  private long n;
  private long nonFinite;
  private double sum;
  private double sumHuge;
  private Extreme min;
  private Extreme max;
  private Extreme last;

  /** A value and where it stands; all null: there is none. */
  private record Extreme(@Nullable Double value, @Nullable Long step, @Nullable Long time) {
    static final Extreme NONE = new Extreme(null, null, null);
  }

  SummaryRow(ResultSet row) throws SQLException {
    runId = Columns.text(row, "run_id");
    series = row.getInt("series");
    resetNanos = row.getLong("reset_ns");
    maxNanos = row.getLong("max_ns");
    repeated = row.getBoolean("repeated");
    hasFree = row.getBoolean("has_free");
    dirty = row.getBoolean("dirty");
    attempt = Columns.intOrNull(row, "attempt");
    topStep = Columns.longOrNull(row, "top_step");
    topFreeNanos = Columns.longOrNull(row, "top_free_ns");
    n = row.getLong("n");
    nonFinite = row.getLong("nonfinite");
    sum = row.getDouble("sum");
    sumHuge = row.getDouble("sum_huge");
    min = extreme(row, "min", "min_step", "min_ns");
    max = extreme(row, "max", "max_step", "max_at_ns");
    last = extreme(row, "last", "last_step", "last_ns");
  }

  /** Hides everything older than {@code time}. */
  void reset(long time) {
    if (time <= resetNanos) {
      return;
    }
    resetNanos = time;
    if (time > maxNanos) {
      clear();
    } else {
      dirty = true;
    }
  }

  /** Takes in new points of an attempt. Resets of the same commit come first. */
  void append(int ofAttempt, Points points) {
    maxNanos = Math.max(maxNanos, points.lastNanos());
    boolean known = attempt == null || attempt == ofAttempt;
    if (!known) {
      // Whether this attempt comes before or after the known one, and what it hides, needs a look
      // at the points.
      repeated = true;
      dirty = true;
    }
    long[] steps = points.steps();
    for (int i = 0; i < points.size(); i++) {
      long time = points.times()[i];
      if (time < resetNanos) {
        continue;
      }
      if (known) {
        attempt = ofAttempt;
        advance(steps == null ? null : (Long) steps[i], time);
      } else if (steps == null) {
        hasFree = true;
      }
      if (!dirty) {
        add(steps == null ? null : (Long) steps[i], time, points.values()[i]);
      }
    }
  }

  private void advance(@Nullable Long step, long time) {
    if (step == null) {
      hasFree = true;
      if (topFreeNanos != null && time <= topFreeNanos) {
        repeated = true;
        dirty = true;
        return;
      }
      topFreeNanos = time;
    } else {
      if (topStep != null && step <= topStep) {
        repeated = true;
        dirty = true;
        return;
      }
      topStep = step;
    }
  }

  private void add(@Nullable Long step, long time, double value) {
    n++;
    if (last.time == null
        || time > last.time
        || (time == last.time && step != null && (last.step == null || step > last.step))) {
      last = new Extreme(value, step, time);
    }
    if (!Double.isFinite(value)) {
      nonFinite++;
      return;
    }
    if (Math.abs(value) < HUGE) {
      sum += value;
    } else {
      sumHuge += value / HUGE_UNIT;
    }
    if (min.value == null || value < min.value) {
      min = new Extreme(value, step, time);
    }
    if (max.value == null || value > max.value) {
      max = new Extreme(value, step, time);
    }
  }

  private void clear() {
    dirty = false;
    repeated = false;
    hasFree = false;
    attempt = null;
    topStep = null;
    topFreeNanos = null;
    n = 0;
    nonFinite = 0;
    sum = 0;
    sumHuge = 0;
    min = Extreme.NONE;
    max = Extreme.NONE;
    last = Extreme.NONE;
  }

  static Rows rows() {
    return new Rows(
        "text", "int4", "int8", "int8", "bool", "bool", "bool", "int2", "int8", "int8", "int8",
        "int8", "float8", "float8", "float8", "int8", "int8", "float8", "int8", "int8", "float8",
        "int8", "int8");
  }

  void addTo(Rows rows) {
    rows.add(
        runId,
        series,
        resetNanos,
        maxNanos,
        repeated,
        hasFree,
        dirty,
        attempt,
        topStep,
        topFreeNanos,
        n,
        nonFinite,
        sum,
        sumHuge,
        min.value,
        min.step,
        min.time,
        max.value,
        max.step,
        max.time,
        last.value,
        last.step,
        last.time);
  }

  static void update(Connection connection, Rows rows) throws SQLException {
    rows.execute(connection, UPDATE);
  }

  private static Extreme extreme(ResultSet row, String value, String step, String time)
      throws SQLException {
    return new Extreme(
        Columns.doubleOrNull(row, value),
        Columns.longOrNull(row, step),
        Columns.longOrNull(row, time));
  }
}
