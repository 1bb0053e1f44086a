package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The metrics of one run, a panel each: by step, epoch, time since the start or another key. */
final class RunMetrics {

  /** The alert rules link to this panel. */
  static final int PANEL_ID = 20;

  private static final String BAND = "rgba(87, 148, 242, 0.45)";

  private RunMetrics() {}

  static ObjectNode byXAxis(int y) {
    ObjectNode panel =
        Panels.trend(
            PANEL_ID,
            "$metric",
            "Band: lowest to highest value per bucket; thin line: mean; thick line: smoothed mean;"
                + " red points: NaN or Inf in that bucket.",
            new Grid(0, y, 8, 9),
            curveSql(),
            "No points of this metric",
            overrides());
    Transform.transformed(
        panel,
        Transform.organize(
            Json.object(),
            Json.object(
                "x",
                "${x_axis:text}",
                "min",
                named("min"),
                "max",
                named("max"),
                "mean",
                named("mean"),
                "smooth",
                named("smooth"),
                "nan",
                named("nan"))));
    return Panels.repeated(panel, "metric");
  }

  /** The only kind of panel that shows events and asks again when someone zooms in. */
  static ObjectNode byClock(int y) {
    List<ObjectNode> overrides = new ArrayList<>(Fields.unitsByKey());
    overrides.add(Fields.logScale("/\\| log$/"));
    overrides.addAll(band());
    overrides.add(line("value", "mean", "blue", 1));
    ObjectNode panel =
        Panels.timeSeries(
            30,
            "$metric · wall clock",
            "The same metric by the clock, with checkpoints and pauses marked",
            new Grid(0, y, 8, 8),
            "table",
            """
            SELECT $__timeGroup(p.time, $__interval) AS time, min(p.value) AS min, max(p.value) AS max, %1$s AS value
            FROM telestep.points p WHERE p.run_id = ${run:sqlstring} AND p.key = ${metric:sqlstring} AND $__timeFilter(p.time)
            AND %2$s AND (${scale:sqlstring}<>'log' OR p.value>0) GROUP BY 1 ORDER BY 1"""
                .formatted(Sql.mean("p.value"), Sql.finite("p.value")),
            "No points in this time range",
            overrides);
    Transform.transformed(
        panel,
        Transform.organize(
            Json.object(),
            Json.object("min", named("min"), "max", named("max"), "value", named("value"))));
    return Panels.repeated(panel, "metric");
  }

  /**
   * The last row leaves room for the last label of the axis; a single row of nothing draws empty
   * axes, where no row at all would be an error.
   */
  private static String curveSql() {
    return """
        WITH c AS (SELECT * FROM %1$s)
        SELECT x, %2$s AS min, %3$s AS max, %4$s AS mean, %5$s AS smooth, \
        CASE WHEN nonfinite > 0 THEN coalesce(%5$s, (SELECT min(smooth) FROM c WHERE ${scale:sqlstring}<>'log' OR smooth>0), 1) END AS nan FROM c
        UNION ALL SELECT max(x)+(max(x)-min(x))*0.05, NULL, NULL, NULL, NULL, NULL FROM c HAVING max(x) > min(x)
        UNION ALL SELECT 0, NULL, NULL, NULL, NULL, NULL WHERE NOT EXISTS (SELECT FROM c) ORDER BY x"""
        .formatted(
            Sql.curve("ARRAY[${run:sqlstring}]::text[]"),
            Sql.drawable("min"),
            Sql.drawable("max"),
            Sql.drawable("mean"),
            Sql.drawable("smooth"));
  }

  /** Units and scales stand before the display names, which hide the name of the metric. */
  private static List<ObjectNode> overrides() {
    List<ObjectNode> overrides = new ArrayList<>(Fields.unitsByKey());
    overrides.add(Fields.logScale("/\\| log$/"));
    overrides.addAll(band());
    overrides.add(line("mean", "mean", BAND, 1));
    overrides.add(line("smooth", "smoothed", "blue", 2));
    overrides.add(
        Fields.byRegexp(
            "/^nan\\|/",
            Fields.property("displayName", "NaN here"),
            Fields.color("red"),
            Fields.property("custom.drawStyle", "points"),
            Fields.property("custom.pointSize", 6),
            Fields.property("custom.showPoints", "always")));
    overrides.addAll(Fields.xAxes());
    return overrides;
  }

  private static List<ObjectNode> band() {
    return List.of(
        Fields.byRegexp(
            "/^min\\|/",
            Fields.property("displayName", "min"),
            Fields.color("blue"),
            Fields.property("custom.lineWidth", 0),
            Fields.property(
                "custom.hideFrom", Json.object("viz", false, "legend", true, "tooltip", false))),
        Fields.byRegexp(
            "/^max\\|/",
            Fields.property("displayName", "max"),
            Fields.color("blue"),
            Fields.property("custom.lineWidth", 0),
            Fields.property("custom.fillBelowTo", "min"),
            Fields.property("custom.fillOpacity", 18)));
  }

  private static ObjectNode line(String column, String name, String color, int width) {
    return Fields.byRegexp(
        "/^" + column + "\\|/",
        Fields.property("displayName", name),
        Fields.color(color),
        Fields.property("custom.lineWidth", width));
  }

  /** A name that tells overrides the metric and the scale; a display name replaces it. */
  private static String named(String column) {
    return column + "|${metric}| ${scale}";
  }
}
