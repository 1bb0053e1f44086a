package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The metrics of several runs, a panel each, with a colour per run. */
final class CompareCurves {

  private CompareCurves() {}

  static ObjectNode byXAxis() {
    List<ObjectNode> overrides = seriesOverrides();
    overrides.addAll(Fields.xAxes());
    ObjectNode panel =
        Panels.trend(
            20,
            "$metric",
            "Smoothed bucket mean of every chosen run on one shared grid",
            new Grid(0, 11, 8, 9),
            """
            %1$s, c AS (SELECT c.x, s.slot, %2$s AS run, %3$s AS value
            FROM %4$s c JOIN sel s USING(run_id))
            SELECT x, run, value FROM (SELECT * FROM c UNION ALL SELECT max(x)+(max(x)-min(x))*0.05, 0, (array_agg(run ORDER BY slot))[1], NULL FROM c HAVING max(x) > min(x)
            UNION ALL SELECT 0, 0, 'no data', NULL WHERE NOT EXISTS (SELECT FROM c)) u ORDER BY x, slot"""
                .formatted(
                    Sql.SELECTED_RUNS,
                    seriesName(),
                    Sql.drawable("c.smooth"),
                    Sql.curve("ARRAY(SELECT run_id FROM sel)")),
            CompareDashboard.NO_RUNS,
            overrides);
    Panels.defaultsOf(panel).withObject("/custom").put("lineWidth", 2);
    Panels.optionsOf(panel).withObject("/tooltip").put("sort", "desc");
    Transform.transformed(
        panel,
        Transform.matrix("x", "run", "value"),
        Transform.renameMatrixRow("x", "run", "${x_axis:text}"));
    return Panels.repeated(panel, "metric");
  }

  static ObjectNode byClock() {
    ObjectNode panel =
        Panels.timeSeries(
            21,
            "$metric · wall clock",
            "Mean of every chosen run by the clock, in the time range of the dashboard",
            new Grid(0, 35, 8, 9),
            "time_series",
            """
            %1$s SELECT $__timeGroup(p.time, $__interval) AS time, %2$s AS metric, %3$s AS value
            FROM telestep.points p JOIN sel s ON s.run_id = p.run_id
            WHERE p.run_id = ANY(ARRAY(SELECT run_id FROM sel)) AND p.key = ${metric:sqlstring} AND $__timeFilter(p.time) AND %4$s AND (${scale:sqlstring}<>'log' OR p.value>0)
            GROUP BY 1,2 ORDER BY 1,2 LIMIT 50000"""
                .formatted(
                    Sql.SELECTED_RUNS, seriesName(), Sql.mean("p.value"), Sql.finite("p.value")),
            "No points in this time range",
            seriesOverrides());
    Panels.optionsOf(panel).withObject("/tooltip").put("sort", "desc");
    return Panels.repeated(panel, "metric");
  }

  /** The run with its number, and marks that say the unit and the scale of the metric. */
  private static String seriesName() {
    return "s.label||CASE WHEN ${metric:sqlstring} ~* '"
        + KeyNames.FRACTION
        + "' THEN '"
        + Markers.PERCENT
        + "' WHEN ${metric:sqlstring} ~* '"
        + KeyNames.MILLISECONDS
        + "' THEN '"
        + Markers.MILLISECONDS
        + "' WHEN ${metric:sqlstring} ~* '"
        + KeyNames.LEARNING_RATE
        + "' THEN '"
        + Markers.SCIENTIFIC
        + "' ELSE '' END||CASE ${scale:sqlstring} WHEN 'log' THEN '"
        + Markers.LOG_SCALE
        + "' ELSE '' END";
  }

  private static List<ObjectNode> seriesOverrides() {
    List<ObjectNode> overrides = new ArrayList<>(Fields.runColors());
    overrides.add(Fields.byRegexp("/" + Markers.PERCENT + "/", Fields.unit("percentunit")));
    overrides.add(Fields.byRegexp("/" + Markers.MILLISECONDS + "/", Fields.unit("ms")));
    overrides.add(Fields.byRegexp("/" + Markers.SCIENTIFIC + "/", Fields.unit("sci")));
    overrides.add(Fields.logScale("/" + Markers.LOG_SCALE + "$/"));
    return overrides;
  }
}
