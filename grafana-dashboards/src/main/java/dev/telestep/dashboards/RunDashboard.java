package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One run: how far it is, its metrics, what it was told, what it said, and its hardware. */
final class RunDashboard {

  private static final List<String> SEVERITIES =
      List.of("FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  private static final String EVENTS =
      "SELECT time, coalesce(time_end,time) AS timeend, text, kind AS tags FROM telestep.events"
          + " WHERE run_id = ${run:sqlstring} AND $__timeFilter(time) ORDER BY time LIMIT 500";

  private RunDashboard() {}

  static ObjectNode json() {
    List<ObjectNode> panels = new ArrayList<>();
    panels.addAll(header());
    panels.add(Board.row(100, "Metrics", 4));
    panels.add(RunMetrics.byXAxis(5));
    panels.add(Board.row(101, "Details", 14));
    panels.addAll(RunDetails.panels(15));
    panels.add(Board.row(102, "Hardware by the clock", 52));
    panels.addAll(RunHardware.byClock(53));
    panels.add(Board.closedRow(103, "Hardware by step", 67, RunHardware.byStep(68)));
    panels.add(Board.closedRow(105, "All counters of the machine", 68, RunHardware.counters(69)));
    panels.add(
        Board.closedRow(
            104, "Metrics by the clock, with events", 69, List.of(RunMetrics.byClock(70))));
    return Board.dashboard(
        Panels.RUN_UID,
        "Run",
        "One run: progress, metrics, parameters, logs, attempts, artifacts, hardware.",
        "now-6h",
        Json.array(
            Board.link("Runs", Panels.RUNS_UID, false),
            Board.link("Compare", Panels.COMPARE_UID, true)),
        Json.array(
            Json.object(
                "name",
                "Events",
                "datasource",
                Panels.dataSource(),
                "enable",
                true,
                "hide",
                false,
                "iconColor",
                "purple",
                "target",
                annotationTarget())),
        variables(),
        panels);
  }

  private static ObjectNode annotationTarget() {
    ObjectNode target = Panels.target("Anno", "table", EVENTS);
    target.remove("datasource");
    return target;
  }

  private static List<ObjectNode> variables() {
    List<ObjectNode> variables = new ArrayList<>();
    variables.add(Variables.dataSource());
    variables.add(
        Variables.one(
            "run",
            "Run",
            "SELECT name||'  ('||run_id||')' AS __text, run_id AS __value FROM telestep.runs"
                + " ORDER BY started_at DESC LIMIT 2000",
            ""));
    variables.add(
        Variables.all(
            "metric",
            "Metrics",
            "SELECT key FROM telestep.run_metrics WHERE run_id = ${run:sqlstring} ORDER BY key ~* '"
                + KeyNames.NEUTRAL
                + "', split_part(key,'/',1) IN ('optim','perf'), key LIMIT 300"));
    variables.add(Variables.xAxis("run_id = ${run:sqlstring}"));
    variables.addAll(Variables.range());
    variables.add(Variables.smoothing());
    variables.add(Variables.scale());
    variables.add(Variables.choices("severity", "Severity", SEVERITIES));
    variables.add(Variables.text("log_search", "Log search"));
    variables.add(
        Variables.all(
            "counter",
            "Counters",
            "SELECT DISTINCT name FROM telestep.hardware WHERE run_id = ${run:sqlstring}"
                + " AND $__timeFilter(time) ORDER BY 1 LIMIT 100"));
    return variables;
  }

  /** Tiles without descriptions: the icon of a description would cut their titles. */
  private static List<ObjectNode> header() {
    ObjectNode run = tile(1, "Run", 0, 5, "SELECT r.name AS v, " + Sql.TIME_RANGE_COLUMNS);
    Panels.optionsOf(run).withObject("/reduceOptions").put("fields", "/^v$/");
    Panels.defaultsOf(run)
        .put("noValue", "No run yet")
        .set(
            "links",
            Json.array(
                Json.object(
                    "title",
                    "Show the time range of this run",
                    "url",
                    "/d/"
                        + Panels.RUN_UID
                        + "?${__all_variables}&from=${__data.fields.from_ms}&to=${__data.fields.to_ms}")));
    ObjectNode status = tile(2, "Status", 5, 3, "SELECT r.status AS v");
    Panels.optionsOf(status).withObject("/reduceOptions").put("fields", "/.*/");
    Panels.defaultsOf(status).set("mappings", Fields.statusMappings());
    ObjectNode epoch =
        tile(
            4,
            "Epoch",
            12,
            3,
            "SELECT trim_scale(round(r.epoch::numeric,2))||coalesce(' / '||trim_scale(round(r.overall_epochs::numeric,2)),'') AS v");
    Panels.optionsOf(epoch).withObject("/reduceOptions").put("fields", "/.*/");
    ObjectNode step = tile(5, "Step", 15, 3, "SELECT r.step::float8 AS v");
    Panels.defaultsOf(step).put("unit", "locale");
    ObjectNode left = tile(6, "Time left", 18, 3, "SELECT r.eta_seconds::float8 AS v");
    Panels.defaultsOf(left).put("unit", "dthms").put("decimals", 0);
    ObjectNode elapsed = tile(7, "Elapsed", 21, 3, "SELECT r.duration_s::float8 AS v");
    Panels.defaultsOf(elapsed).put("unit", "dthms").put("decimals", 0);
    return List.of(run, status, progress(), epoch, step, left, elapsed);
  }

  private static ObjectNode tile(int id, String title, int x, int w, String select) {
    return Panels.stat(
        id,
        title,
        "",
        new Grid(x, 0, w, 4),
        select + " FROM telestep.runs r WHERE r.run_id = ${run:sqlstring}");
  }

  private static ObjectNode progress() {
    return Panels.panel(
        3,
        "gauge",
        "Progress",
        "",
        new Grid(8, 0, 4, 4),
        "table",
        "SELECT r.progress::float8 AS v FROM telestep.runs r WHERE r.run_id = ${run:sqlstring}",
        Json.object(
            "reduceOptions",
            Json.object("values", false, "calcs", Json.array("lastNotNull"), "fields", ""),
            "orientation",
            "auto",
            "showThresholdLabels",
            false,
            "showThresholdMarkers",
            false,
            "sizing",
            "auto",
            "minVizWidth",
            60,
            "minVizHeight",
            60),
        Json.object(
            "unit",
            "percentunit",
            "min",
            0,
            "max",
            1,
            "decimals",
            0,
            "noValue",
            "–",
            "color",
            Fields.fixed("blue"),
            "thresholds",
            Panels.thresholds("blue"),
            "mappings",
            Json.array()),
        List.of());
  }
}
