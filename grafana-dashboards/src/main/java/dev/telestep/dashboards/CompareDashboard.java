package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Several runs side by side: their curves on one axis, and what they were told differently. */
final class CompareDashboard {

  static final String NO_RUNS = "Choose runs in “Runs” above, or add them from the Runs dashboard.";

  private static final String CHOSEN = "ARRAY[${run:sqlstring}]::text[]";

  private CompareDashboard() {}

  static ObjectNode json() {
    return Board.dashboard(
        Panels.COMPARE_UID,
        "Compare",
        "Overlay of the chosen runs.",
        "now-90d",
        Json.array(Board.link("Runs", Panels.RUNS_UID, false)),
        Json.array(),
        variables(),
        List.of(
            selectedRuns(),
            bestOf(),
            Board.row(100, "Curves", 10),
            CompareCurves.byXAxis(),
            Board.row(101, "Parameters", 20),
            parameters(),
            scatter(),
            Board.closedRow(102, "Metrics by the clock", 34, List.of(CompareCurves.byClock()))));
  }

  private static List<ObjectNode> variables() {
    List<ObjectNode> variables = new ArrayList<>();
    variables.add(Variables.dataSource());
    variables.add(
        Variables.runs(
            "Runs",
            "SELECT name||'  ('||run_id||')' AS __text, run_id AS __value FROM telestep.runs"
                + " ORDER BY started_at DESC LIMIT 2000",
            Json.array(),
            Json.array()));
    variables.add(
        Variables.all(
            "metric",
            "Metrics",
            "SELECT key FROM (SELECT DISTINCT key FROM telestep.run_metrics WHERE run_id = ANY("
                + CHOSEN
                + ")) k ORDER BY key ~* '"
                + KeyNames.NEUTRAL
                + "', key LIMIT 300"));
    variables.add(Variables.xAxis("run_id = ANY(" + CHOSEN + ")"));
    variables.addAll(Variables.range());
    variables.add(Variables.smoothing());
    variables.add(Variables.scale());
    variables.add(Variables.choice("params", "Parameters", "differences", "diff", "all", "all"));
    variables.add(Variables.one("objective", "Scatter metric", Sql.OBJECTIVES, ""));
    variables.add(Variables.goal());
    variables.add(
        Variables.one(
            "x_param",
            "Scatter parameter",
            """
            SELECT key FROM (SELECT DISTINCT e.key FROM (SELECT params FROM telestep.runs ORDER BY started_at DESC LIMIT %1$d) r, \
            jsonb_each_text(r.params) e WHERE %2$s IS NOT NULL UNION SELECT 'parameter' WHERE NOT EXISTS (SELECT FROM telestep.runs)) k \
            ORDER BY key !~* '%3$s', key LIMIT 500"""
                .formatted(Sql.RECENT_RUNS, Sql.parsed("e.value"), KeyNames.LEARNING_RATE),
            ""));
    return variables;
  }

  private static ObjectNode selectedRuns() {
    List<ObjectNode> columns = new ArrayList<>();
    columns.add(Fields.runNumber());
    columns.add(
        Fields.byName("Run", Fields.minWidth(160), Fields.link("Open run", Panels.OPEN_RUN)));
    columns.add(Fields.status("Status", 110));
    columns.add(Fields.progress(130));
    columns.add(Fields.duration(92));
    columns.add(Fields.ago("Started", 120));
    columns.addAll(Fields.hidden("run_id", "from_ms", "to_ms"));
    return Panels.table(
        1,
        "Selected runs",
        "The number is the colour of the run in every chart below; at most "
            + Sql.MAX_COMPARED
            + " runs",
        new Grid(0, 0, 12, 10),
        """
        %1$s SELECT r.slot::text AS "#", r.name AS "Run", r.status AS "Status", r.progress::float8 AS "Progress", r.duration_s::float8 AS "Duration", r.started_at AS "Started", r.run_id,
         %2$s
        FROM sel r ORDER BY r.slot"""
            .formatted(Sql.SELECTED_RUNS, Sql.TIME_RANGE_COLUMNS),
        NO_RUNS,
        columns);
  }

  private static ObjectNode bestOf() {
    return Panels.table(
        2,
        "Best of",
        "Best value per metric and the run that reached it; loss-, error- and time-like names count as lower is better;"
            + " schedules and counters are left out",
        new Grid(12, 0, 12, 10),
        """
        %1$s, v AS (SELECT m.key, s.slot, s.name, %2$s AS goal, m.min, m.max, m.min_step, m.max_step
          FROM telestep.run_metrics m JOIN sel s USING(run_id) WHERE m.key = ANY(ARRAY[${metric:sqlstring}]::text[])),
        b AS (SELECT key, slot, name, goal, CASE goal WHEN 'min' THEN min ELSE max END AS value, CASE goal WHEN 'min' THEN min_step ELSE max_step END AS step FROM v WHERE goal IS NOT NULL)
        SELECT DISTINCT ON (key) key AS "Metric", CASE goal WHEN 'min' THEN '↓ lowest' ELSE '↑ highest' END AS "Best is", value AS "Value", slot::text AS "#", name AS "Run", step::float8 AS "At step"
        FROM b WHERE value IS NOT NULL ORDER BY key, CASE goal WHEN 'min' THEN value ELSE -value END, slot LIMIT 300"""
            .formatted(Sql.SELECTED_RUNS, Sql.goal("m.key")),
        NO_RUNS,
        List.of(
            Fields.byName("Metric", Fields.width(150)),
            Fields.byName("Run", Fields.minWidth(150)),
            Fields.byName("Best is", Fields.width(90)),
            Fields.byName("Value", Fields.width(100), Fields.decimals(4), Fields.align("right")),
            Fields.runNumber(),
            Fields.count("At step", 80)));
  }

  private static ObjectNode parameters() {
    ObjectNode panel =
        Panels.table(
            3,
            "Parameters",
            "Rows whose values differ come first and are highlighted",
            new Grid(0, 21, 14, 13),
            """
            %1$s, p AS (SELECT s.slot, s.label, e.key, e.value FROM sel s, jsonb_each_text(s.params) e),
            k AS (SELECT DISTINCT key FROM p),
            f AS (SELECT k.key, s.slot, s.label, coalesce(p.value,'') AS value FROM k CROSS JOIN sel s LEFT JOIN p ON p.key=k.key AND p.slot=s.slot),
            d AS (SELECT key, count(DISTINCT value)>1 AS differs FROM f GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500)
            SELECT f.key AS "Parameter", f.label AS run, CASE WHEN d.differs THEN '%2$s' ELSE '' END || CASE WHEN f.value='' THEN '–' ELSE left(f.value,500) END AS value
            FROM f JOIN d USING(key) WHERE ${params:sqlstring}='all' OR d.differs ORDER BY d.differs DESC, f.key, f.slot"""
                .formatted(Sql.SELECTED_RUNS, Markers.DIFFERS),
            "No differing parameters. Choose two or more runs, or set Parameters to “all”.",
            List.of(
                Fields.byName("Parameter", Fields.width(150)),
                Fields.byRegexp(
                    "/ · /",
                    Fields.cell("type", "color-text"),
                    Fields.minWidth(120),
                    Fields.property(
                        "mappings",
                        Json.array(
                            Json.object(
                                "type",
                                "regex",
                                "options",
                                Json.object(
                                    "pattern",
                                    "^" + Markers.DIFFERS + "(.*)$",
                                    "result",
                                    Json.object("color", "orange", "index", 0, "text", "$1"))))))));
    Panels.optionsOf(panel).set("frozenColumns", Json.object("left", 1));
    return Transform.transformed(
        panel,
        Transform.matrix("Parameter", "run", "value"),
        Transform.renameMatrixRow("Parameter", "run", "Parameter"));
  }

  /** Two unseen points stand in for none: without rows the panel reports an error. */
  private static ObjectNode scatter() {
    ObjectNode panel =
        Panels.panel(
            4,
            "xychart",
            "${objective} by ${x_param}",
            "Best value of the metric against a numeric parameter, one point per run",
            new Grid(14, 21, 10, 13),
            "table",
            """
            %1$s, g AS (SELECT s.label AS run, %2$s AS x, CASE %3$s WHEN 'min' THEN m.min WHEN 'max' THEN m.max ELSE m.last END AS y
              FROM sel s JOIN telestep.run_metrics m USING(run_id) WHERE m.key = ${objective:sqlstring}),
            p AS (SELECT * FROM g WHERE x IS NOT NULL AND %4$s)
            SELECT run, x, y FROM p
            UNION ALL SELECT 'none', 1, 1 WHERE NOT EXISTS (SELECT FROM p)
            UNION ALL SELECT 'none 2', 1, 1 WHERE NOT EXISTS (SELECT FROM p)"""
                .formatted(
                    Sql.SELECTED_RUNS,
                    Sql.parsed("(s.params->>${x_param:sqlstring})"),
                    Sql.chosenGoal("m.key"),
                    Sql.finite("y")),
            Json.object(
                "mapping",
                "auto",
                "series",
                Json.array(Json.object()),
                "legend",
                Panels.legend(false),
                "tooltip",
                Json.object("mode", "single", "sort", "none")),
            Json.object(
                "noValue",
                NO_RUNS,
                "custom",
                Json.object(
                    "show",
                    "points",
                    "pointSize",
                    Json.object("fixed", 12),
                    "pointShape",
                    "circle",
                    "fillOpacity",
                    70,
                    "pointStrokeWidth",
                    1,
                    "axisPlacement",
                    "auto",
                    "scaleDistribution",
                    Json.object("type", "linear"),
                    "hideFrom",
                    Json.object("legend", false, "tooltip", false, "viz", false)),
                "mappings",
                Json.array(),
                "color",
                Fields.fixed("blue"),
                "thresholds",
                Panels.thresholds("text")),
            scatterOverrides());
    Transform.transformed(
        panel,
        Transform.organize(Json.object(), Json.object("x", "${x_param}", "y", "${objective}")),
        Transform.transformation(
            "partitionByValues",
            Json.object(
                "fields",
                Json.array("run"),
                "keepFields",
                false,
                "naming",
                Json.object("asLabels", false))));
    return panel.put("pluginVersion", "12.3.0");
  }

  private static List<ObjectNode> scatterOverrides() {
    List<ObjectNode> overrides = new ArrayList<>(Fields.runColors());
    overrides.add(
        Fields.byRegexp(
            "/(^|\\s)none/",
            Fields.property("custom.fillOpacity", 0),
            Fields.property("custom.pointStrokeWidth", 0),
            Fields.property("custom.pointSize", Json.object("fixed", 1))));
    overrides.add(
        Fields.byRegexp(
            "/\\b(lr|learning_rate)$/",
            Fields.property("custom.scaleDistribution", Json.object("type", "log", "log", 10)),
            Fields.unit("sci")));
    return overrides;
  }
}
