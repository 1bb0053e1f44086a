package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a run was told and what it left: parameters, log, summary, texts, attempts, artifacts. */
final class RunDetails {

  private RunDetails() {}

  /** Panels from row {@code y} on, 37 rows high. */
  static List<ObjectNode> panels(int y) {
    return List.of(
        parameters(new Grid(0, y, 7, 13)),
        logs(new Grid(7, y, 17, 13)),
        summary(new Grid(0, y + 13, 13, 9)),
        texts(new Grid(13, y + 13, 11, 9)),
        attempts(new Grid(0, y + 22, 13, 8)),
        events(new Grid(13, y + 22, 11, 8)),
        artifacts(new Grid(0, y + 30, 24, 7)));
  }

  private static ObjectNode parameters(Grid grid) {
    return Panels.table(
        40,
        "Parameters",
        "Configuration of the run",
        grid,
        "SELECT key AS \"Parameter\", left(value,2000) AS \"Value\" FROM telestep.parameters"
            + " WHERE run_id = ${run:sqlstring} ORDER BY key LIMIT 1000",
        "No parameters",
        List.of(
            Fields.emptyCells("–"),
            Fields.byName("Parameter", Fields.width(150)),
            Fields.byName(
                "Value",
                Fields.property("custom.wrapText", true),
                Fields.cell("type", "auto", "wrapText", true))));
  }

  private static ObjectNode logs(Grid grid) {
    return Panels.panel(
        41,
        "logs",
        "Logs",
        "Newest first, up to 1,000 lines; filter with Severity and Log search",
        grid,
        "table",
        """
        SELECT time, left(body,20000) AS body, CASE lower(severity) WHEN 'fatal' THEN 'critical' ELSE lower(severity) END AS level, l.id::text AS id, stream FROM telestep.logs l
        WHERE run_id = ${run:sqlstring} AND (severity IS NULL OR severity = '' OR severity = ANY(ARRAY[${severity:sqlstring}]::text[])) AND strpos(lower(body), lower(${log_search:sqlstring})) > 0
        ORDER BY l.time DESC, l.id DESC LIMIT 1000""",
        Json.object(
            "showTime",
            true,
            "showLabels",
            false,
            "showCommonLabels",
            false,
            "wrapLogMessage",
            true,
            "prettifyLogMessage",
            false,
            "enableLogDetails",
            true,
            "dedupStrategy",
            "none",
            "sortOrder",
            "Descending",
            "fontSize",
            "small",
            "enableInfiniteScrolling",
            false,
            "showControls",
            false),
        Json.object("noValue", "No log lines"),
        List.of());
  }

  private static ObjectNode summary(Grid grid) {
    return Panels.table(
        44,
        "Metric summary",
        "Over the points that are shown; NaN and Inf are counted and left out of the rest",
        grid,
        """
        SELECT key AS "Metric", CASE WHEN %1$s THEN last END AS "Last", min AS "Lowest", min_step::float8 AS "at", \
        max AS "Highest", max_step::float8 AS "at step", n::float8 AS "Points", nullif(nonfinite,0)::float8 AS "NaN"
        FROM telestep.run_metrics WHERE run_id = ${run:sqlstring} ORDER BY key LIMIT 500"""
            .formatted(Sql.finite("last")),
        "No metrics",
        List.of(
            Fields.emptyCells(""),
            Fields.byName("Metric", Fields.minWidth(150)),
            value("Last"),
            value("Lowest"),
            Fields.count("at", 76),
            value("Highest"),
            Fields.count("at step", 76),
            Fields.count("Points", 84),
            Fields.byName(
                "NaN",
                Fields.width(64),
                Fields.unit("locale"),
                Fields.align("right"),
                Fields.color("red"),
                Fields.cell("type", "color-text"))));
  }

  private static ObjectNode value(String column) {
    return Fields.byName(column, Fields.width(96), Fields.decimals(4), Fields.align("right"));
  }

  private static ObjectNode texts(Grid grid) {
    return Panels.table(
        43,
        "Texts",
        "Text logged by the run, newest of each key first",
        grid,
        "SELECT key AS \"Key\", step::float8 AS \"Step\", left(value,5000) AS \"Text\" FROM telestep.texts"
            + " WHERE run_id = ${run:sqlstring} ORDER BY key, time DESC LIMIT 200",
        "No texts",
        List.of(
            Fields.byName("Key", Fields.width(150)),
            Fields.count("Step", 70),
            Fields.byName("Text", Fields.cell("type", "auto", "wrapText", true))));
  }

  /** Every life of the process; rows that were logged and did not arrive are named. */
  private static ObjectNode attempts(Grid grid) {
    return Panels.table(
        45,
        "Attempts",
        "Starts and resumes of this run, newest first. Missing: rows logged that have not arrived (yet).",
        grid,
        """
        SELECT a.number::text AS "#", a.status AS "Status", a.started_at AS "Started", \
        extract(epoch FROM coalesce(a.ended_at, now())-a.started_at)::float8 AS "Duration", s.rows::float8 AS "Rows", \
        nullif(greatest(a.rows_logged-coalesce(s.rows,0),0),0)::float8 AS "Missing", concat_ws(': ', nullif(a.error_type,''), nullif(left(a.error_message,1000),'')) AS "Error"
        FROM telestep.attempts a LEFT JOIN telestep.rows_stored(${run:sqlstring}) s ON s.attempt = a.attempt
        WHERE a.run_id = ${run:sqlstring} ORDER BY a.number DESC LIMIT 200""",
        "No attempts",
        List.of(
            Fields.emptyCells(""),
            Fields.byName("#", Fields.width(40), Fields.align("center")),
            Fields.status("Status", 104),
            Fields.ago("Started", 110),
            Fields.duration(86),
            Fields.count("Rows", 80),
            Fields.byName(
                "Missing",
                Fields.width(76),
                Fields.unit("locale"),
                Fields.align("right"),
                Fields.color("red"),
                Fields.cell("type", "color-text")),
            Fields.byName(
                "Error", Fields.minWidth(150), Fields.cell("type", "auto", "wrapText", true))));
  }

  private static ObjectNode events(Grid grid) {
    return Panels.table(
        46,
        "Events",
        "What happened, newest first; also marked on the charts by the clock",
        grid,
        "SELECT time AS \"Time\", kind AS \"Kind\", left(text,1000) AS \"Event\" FROM telestep.events"
            + " WHERE run_id = ${run:sqlstring} ORDER BY time DESC LIMIT 200",
        "No events",
        List.of(
            Fields.byName("Time", Fields.width(170)),
            Fields.byName("Kind", Fields.width(110)),
            Fields.byName("Event", Fields.cell("type", "auto", "wrapText", true))));
  }

  private static ObjectNode artifacts(Grid grid) {
    return Panels.table(
        42,
        "Artifacts",
        "Files stored by the run",
        grid,
        """
        SELECT name AS "Name", type AS "Type", 'v'||version AS "Version", alias AS "Alias", bytes::float8 AS "Size", left(sha256,12) AS "SHA-256", created_at AS "Created"
        FROM telestep.artifacts WHERE run_id = ${run:sqlstring} ORDER BY name, version DESC LIMIT 500""",
        "No artifacts",
        List.of(
            Fields.byName("Name", Fields.minWidth(170)),
            Fields.byName(
                "Size",
                Fields.unit("bytes"),
                Fields.decimals(1),
                Fields.width(100),
                Fields.align("right")),
            Fields.byName("Type", Fields.width(80)),
            Fields.byName("Version", Fields.width(80)),
            Fields.byName(
                "Alias",
                Fields.width(80),
                Fields.cell("type", "color-text"),
                Fields.color("green"),
                Fields.property("noValue", "")),
            Fields.byName("SHA-256", Fields.width(130)),
            Fields.ago("Created", 130)));
  }
}
