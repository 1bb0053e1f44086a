package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** All runs: numbers about them on top, one row per run below. */
final class RunsDashboard {

  private static final List<String> STATUSES =
      List.of("running", "finished", "failed", "killed", "stopped", "unreachable");

  private static final List<String> COMMON_METRICS =
      List.of(
          "accuracy",
          "loss",
          "test/accuracy",
          "test/loss",
          "test_accuracy",
          "test_loss",
          "val/accuracy",
          "val/loss",
          "val_accuracy",
          "val_loss",
          "validation/accuracy",
          "validation/loss");

  private static final List<String> COMMON_PARAMETERS =
      List.of("batch_size", "learning_rate", "lr", "optimizer", "optimizer_name");

  private RunsDashboard() {}

  static ObjectNode json() {
    return Board.dashboard(
        Panels.RUNS_UID,
        "Runs",
        "All runs, newest first.",
        "now-90d",
        Json.array(Board.link("Compare", Panels.COMPARE_UID, true)),
        Json.array(),
        variables(),
        List.of(running(), failed(), matching(), computeTime(), best(), RunsTable.panel()));
  }

  private static List<ObjectNode> variables() {
    return List.of(
        Variables.dataSource(),
        Variables.all(
            "project",
            "Project",
            "SELECT DISTINCT project FROM telestep.runs ORDER BY 1 LIMIT 1000"),
        Variables.all(
            "group",
            "Group",
            "SELECT DISTINCT CASE WHEN coalesce(group_name,'')='' THEN 'no group' ELSE group_name END AS __text,"
                + " coalesce(group_name,'') AS __value FROM telestep.runs ORDER BY 2 LIMIT 1000"),
        Variables.choices("status", "Status", STATUSES),
        Variables.text("search", "Search"),
        Variables.one("objective", "Objective", Sql.OBJECTIVES, ""),
        Variables.goal(),
        Variables.choice("order", "Order", "newest", "newest", "best", "best"),
        Variables.many("metric", "Metrics", Sql.RECENT_KEYS, COMMON_METRICS),
        Variables.many(
            "param",
            "Parameters",
            "SELECT DISTINCT k FROM (SELECT params FROM telestep.runs ORDER BY started_at DESC LIMIT "
                + Sql.RECENT_RUNS
                + ") r, jsonb_object_keys(r.params) k ORDER BY 1 LIMIT 500",
            COMMON_PARAMETERS),
        Variables.runs(
            "Comparison",
            "SELECT __text, __value FROM (SELECT 'none' AS __text, '' AS __value, 'infinity'::timestamptz AS t"
                + " UNION ALL SELECT name, run_id, started_at FROM telestep.runs) o"
                + " ORDER BY t DESC LIMIT 2000",
            Json.array("none"),
            Json.array("")));
  }

  private static ObjectNode running() {
    ObjectNode panel =
        tile(
            1,
            "Running",
            "Runs that report now",
            0,
            4,
            "SELECT count(*) FILTER (WHERE r.status='running')::float8 AS n FROM telestep.runs r"
                + " WHERE r.project = ANY(ARRAY[${project:sqlstring}]::text[])");
    Panels.defaultsOf(panel)
        .put("noValue", "0")
        .set("thresholds", Panels.thresholds("text", "blue", 1));
    return panel;
  }

  private static ObjectNode failed() {
    ObjectNode panel =
        tile(
            2,
            "Failed, 24 h",
            "Failed, killed or unreachable in the last 24 hours",
            4,
            4,
            "SELECT count(*) FILTER (WHERE r.status IN ('failed','killed','unreachable')"
                + " AND coalesce(r.ended_at,now()) > now()-interval '24 hours')::float8 AS n"
                + " FROM telestep.runs r WHERE r.project = ANY(ARRAY[${project:sqlstring}]::text[])");
    Panels.defaultsOf(panel)
        .put("noValue", "0")
        .set("thresholds", Panels.thresholds("text", "red", 1));
    return panel;
  }

  private static ObjectNode matching() {
    ObjectNode panel =
        tile(
            3,
            "Runs in range",
            "Runs that match the filters",
            8,
            4,
            "SELECT count(*)::float8 AS n FROM telestep.runs r WHERE " + Sql.RUN_FILTER);
    Panels.defaultsOf(panel).put("noValue", "0");
    return panel;
  }

  private static ObjectNode computeTime() {
    ObjectNode panel =
        tile(
            4,
            "Compute time",
            "Sum of the durations of the runs that match the filters",
            12,
            4,
            "SELECT sum(r.duration_s)::float8/3600 AS s FROM telestep.runs r WHERE "
                + Sql.RUN_FILTER);
    Panels.defaultsOf(panel).put("noValue", "0 h").put("unit", "suffix: h").put("decimals", 1);
    return panel;
  }

  private static ObjectNode best() {
    ObjectNode panel =
        tile(
            5,
            "Best ${objective}",
            "Best value of the objective among the matching runs; click to open the run",
            16,
            8,
            """
            SELECT b.name AS run, b.run_id, b.from_ms, b.to_ms, b.value
            FROM (SELECT r.name, r.run_id, %1$s, %2$s AS goal,
              CASE %2$s WHEN 'min' THEN m.min WHEN 'max' THEN m.max END AS value
              FROM telestep.run_metrics m JOIN telestep.runs r USING(run_id)
              WHERE m.key = ${objective:sqlstring} AND %3$s) b
            WHERE b.value IS NOT NULL ORDER BY CASE b.goal WHEN 'min' THEN b.value ELSE -b.value END LIMIT 1"""
                .formatted(Sql.TIME_RANGE_COLUMNS, Sql.chosenGoal("m.key"), Sql.RUN_FILTER));
    Panels.defaultsOf(panel)
        .put("decimals", 4)
        .put("displayName", "${__data.fields.run}")
        .<ObjectNode>set("thresholds", Panels.thresholds("green"))
        .set("links", Json.array(Json.object("title", "Open run", "url", Panels.OPEN_RUN)));
    Panels.optionsOf(panel)
        .put("textMode", "value_and_name")
        .withObject("/reduceOptions")
        .put("values", true);
    return panel;
  }

  private static ObjectNode tile(
      int id, String title, String description, int x, int w, String sql) {
    ObjectNode panel = Panels.stat(id, title, description, new Grid(x, 0, w, 3), sql);
    Panels.optionsOf(panel).withObject("/text").put("valueSize", 28);
    return panel;
  }
}
