package dev.telestep.dashboards;

/**
 * Pieces of SQL that several panels share.
 *
 * <p>Variables stand in SQL only as {@code ${name:sqlstring}}; lists are arrays, because {@code IN
 * ()} is a syntax error when a variable has no value.
 */
final class Sql {

  /** Rows of the runs table and choices of a comparison that anyone can read. */
  static final int MAX_RUNS_SHOWN = 200;

  /** Runs whose keys and parameters the variables offer. */
  static final int RECENT_RUNS = 500;

  /** Runs in one comparison: ten colours, three times. */
  static final int MAX_COMPARED = 30;

  /** Points of one curve. */
  static final int BUCKETS = 400;

  /** When the run started and ended, in the form of Grafana's {@code from} and {@code to}. */
  static final String TIME_RANGE_COLUMNS =
      """
      (extract(epoch FROM r.started_at)*1000)::bigint::text AS from_ms, \
      CASE WHEN r.ended_at IS NULL THEN 'now' ELSE (extract(epoch FROM r.ended_at)*1000)::bigint::text END AS to_ms""";

  /** Conditions on {@code telestep.runs r} that the variables of the runs dashboard set. */
  static final String RUN_FILTER =
      """
      r.project = ANY(ARRAY[${project:sqlstring}]::text[]) \
      AND coalesce(r.group_name,'') = ANY(ARRAY[${group:sqlstring}]::text[]) \
      AND r.status = ANY(ARRAY[${status:sqlstring}]::text[])
        AND (r.ended_at IS NULL OR r.ended_at >= $__timeFrom()::timestamptz) AND r.started_at <= $__timeTo()::timestamptz
        AND (${search:sqlstring} = '' OR strpos(lower(concat_ws(' ', r.name, r.run_id, r.group_name, r.params::text, r.tags::text)), lower(${search:sqlstring})) > 0)""";

  /** The compared runs, numbered from the oldest; the number is the colour in every chart. */
  static final String SELECTED_RUNS =
      """
      WITH sel AS (SELECT r.*, row_number() OVER (ORDER BY r.started_at, r.run_id) AS slot, \
      row_number() OVER (ORDER BY r.started_at, r.run_id)||' · '||r.name AS label \
      FROM telestep.runs r WHERE r.run_id = ANY(ARRAY[${run:sqlstring}]::text[]) \
      ORDER BY r.started_at, r.run_id LIMIT %d)"""
          .formatted(MAX_COMPARED);

  /** Keys of metrics for a variable; {@code 'metric'} stands in for an empty database. */
  static final String RECENT_KEYS =
      """
      SELECT key FROM (SELECT DISTINCT key FROM telestep.run_metrics WHERE run_id = ANY(ARRAY(\
      SELECT run_id FROM telestep.runs ORDER BY started_at DESC LIMIT %1$d)) \
      UNION SELECT 'metric' WHERE NOT EXISTS (SELECT FROM telestep.run_metrics)) k \
      ORDER BY key ~* '%2$s', key LIMIT 500"""
          .formatted(RECENT_RUNS, KeyNames.NEUTRAL);

  /** Like {@link #RECENT_KEYS}, what is most likely aimed at first: validation before training. */
  static final String OBJECTIVES =
      """
      SELECT key FROM (SELECT DISTINCT key FROM telestep.run_metrics WHERE run_id = ANY(ARRAY(\
      SELECT run_id FROM telestep.runs ORDER BY started_at DESC LIMIT %1$d)) \
      UNION SELECT 'metric' WHERE NOT EXISTS (SELECT FROM telestep.run_metrics)) k \
      ORDER BY key ~* '%2$s', key !~* '^(val|valid|validation|eval|test)[^a-z]', key !~* 'loss', key LIMIT 500"""
          .formatted(RECENT_RUNS, KeyNames.NEUTRAL);

  /** Text that may hold a number; the exponent is short, so the cast cannot overflow. */
  private static final String NUMBER =
      "^\\s*(-?[0-9]{1,15}(?:\\.[0-9]{0,15})?(?:[eE][-+]?[0-9]{1,2})?)\\s*$";

  private Sql() {}

  /** The value of a variable as a number; NULL, never an error, when it is none. */
  static String number(String variable) {
    return parsed("${" + variable + ":sqlstring}");
  }

  /** A text expression as a number; NULL, never an error, when it is none. */
  static String parsed(String expression) {
    return "substring(" + expression + " from '" + NUMBER + "')::float8";
  }

  /**
   * Whether a low ({@code 'min'}) or a high ({@code 'max'}) value of a key is the better one; NULL
   * for keys that are no result.
   */
  static String goal(String key) {
    return "CASE WHEN "
        + key
        + " ~* '"
        + KeyNames.NEUTRAL
        + "' THEN NULL WHEN "
        + key
        + " ~* '"
        + KeyNames.LOWER_IS_BETTER
        + "' THEN 'min' ELSE 'max' END";
  }

  /** As {@link #goal}, unless the variable {@code goal} says it. */
  static String chosenGoal(String key) {
    return "CASE WHEN ${goal:sqlstring} IN ('min','max') THEN ${goal:sqlstring} ELSE "
        + goal(key)
        + " END";
  }

  /** The expression, or NULL where it has no logarithm and the axis is logarithmic. */
  static String drawable(String expression) {
    return "CASE WHEN ${scale:sqlstring}='log' AND "
        + expression
        + "<=0 THEN NULL ELSE "
        + expression
        + " END";
  }

  /** A call of {@code telestep.curve} with what the variables say. */
  static String curve(String runs) {
    return "telestep.curve("
        + runs
        + ", ${metric:sqlstring}, ${x_axis:sqlstring}, coalesce("
        + number("smoothing")
        + ",0), "
        + number("step_from")
        + ", "
        + number("step_to")
        + ", "
        + BUCKETS
        + ")";
  }

  /** Whether a value is neither NaN nor infinite. */
  static String finite(String expression) {
    return expression + " NOT IN ('NaN','Infinity','-Infinity')";
  }

  /** Mean of finite values; unlike {@code avg} no error when a diverged run's values are huge. */
  static String mean(String expression) {
    return "sum(greatest(-1e290,least(1e290," + expression + ")))/count(*)";
  }
}
