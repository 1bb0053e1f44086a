package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The table of runs, whose columns people choose. */
final class RunsTable {

  /** Puts a run in the comparison or takes it out: reloads with another value of {@code run}. */
  private static final String BASKET_LINK =
      "/d/"
          + Panels.RUNS_UID
          + "?${datasource:queryparam}&${project:queryparam}&${group:queryparam}"
          + "&${status:queryparam}&${search:queryparam}&${objective:queryparam}"
          + "&${goal:queryparam}&${order:queryparam}&${metric:queryparam}&${param:queryparam}"
          + "&${__data.fields.basket:raw}&${__url_time_range}";

  private RunsTable() {}

  static ObjectNode panel() {
    ObjectNode panel =
        Panels.table(
            10,
            "Runs",
            "One row per run, at most "
                + Sql.MAX_RUNS_SHOWN
                + ". Click a run to open it; “+ add” puts it in the comparison.",
            new Grid(0, 3, 24, 20),
            sql(),
            "No runs match. Start a run, or widen the filters and the time range.",
            columns());
    Panels.defaultsOf(panel).put("fieldMinMax", true);
    panel.set(
        "options",
        Json.object(
            "showHeader",
            true,
            "cellHeight",
            "sm",
            "enablePagination",
            true,
            "frameIndex",
            0,
            "frozenColumns",
            Json.object("left", 1),
            "sortBy",
            Json.array()));
    return Transform.transformed(
        panel,
        extract("metrics"),
        extract("params"),
        extract("tags"),
        Transform.transformation(
            "convertFieldType",
            Json.object(
                "fields",
                Json.object(),
                "conversions",
                Json.array(Json.object("targetField", "Trend", "destinationType", "other")))),
        Transform.organize(
            Json.object("metrics", true, "params", true, "tags", true), Json.object()));
  }

  /** The rows are chosen and cut before anything is computed for one of them. */
  private static String sql() {
    return """
        WITH page AS (SELECT r.*, CASE WHEN ${order:sqlstring}='best' THEN (SELECT CASE %2$s WHEN 'min' THEN m.min WHEN 'max' THEN -m.max END
            FROM telestep.run_metrics m WHERE m.run_id = r.run_id AND m.key = ${objective:sqlstring} LIMIT 1) END AS place
          FROM telestep.runs r WHERE %1$s
          ORDER BY place NULLS LAST, r.started_at DESC LIMIT %3$d)
        SELECT r.run_id, r.name AS "Run",
          CASE WHEN r.run_id = ANY(ARRAY[${run:sqlstring}]::text[]) THEN '✓ added' ELSE '+ add' END AS "Compare",
          r.status AS "Status", r.progress::float8 AS "Progress", telestep.spark(r.run_id, ${objective:sqlstring}, 40)::text AS "Trend",
          r.duration_s::float8 AS "Duration", r.started_at AS "Started", r.project AS "Project", r.group_name AS "Group",
          nullif((SELECT sum(m.nonfinite) FROM telestep.run_metrics m WHERE m.run_id = r.run_id),0)::float8 AS "NaN",
          (SELECT json_object_agg('%4$s'||m.key, CASE WHEN %5$s THEN m.last END ORDER BY m.key)::text FROM telestep.run_metrics m WHERE m.run_id = r.run_id AND m.key = ANY(ARRAY[${metric:sqlstring}]::text[])) AS metrics,
          (SELECT json_object_agg('%6$s'||p.key, CASE WHEN %9$s::text = p.value THEN to_json(%9$s) ELSE to_json(left(p.value, 200)) END ORDER BY p.key)::text FROM jsonb_each_text(r.params) p WHERE p.key = ANY(ARRAY[${param:sqlstring}]::text[])) AS params,
          json_build_object('Tags', r.tags)::text AS tags,
          %7$s,
          (SELECT coalesce(string_agg('var-run='||%8$s,'&'),'var-run=') FROM unnest(CASE WHEN r.run_id = ANY(ARRAY[${run:sqlstring}]::text[]) THEN array_remove(ARRAY[${run:sqlstring}]::text[], r.run_id) ELSE ARRAY[${run:sqlstring}]::text[] || r.run_id END) x WHERE x <> '') AS basket
        FROM page r
        ORDER BY r.place NULLS LAST, r.started_at DESC"""
        .formatted(
            Sql.RUN_FILTER,
            Sql.chosenGoal("m.key"),
            Sql.MAX_RUNS_SHOWN,
            Markers.METRIC_COLUMN,
            Sql.finite("m.last"),
            Markers.PARAMETER_COLUMN,
            Sql.TIME_RANGE_COLUMNS,
            percentEncoded("x"),
            Sql.parsed("p.value"));
  }

  /** A run id as part of a URL; most need nothing, and PostgreSQL has no function for the rest. */
  private static String percentEncoded(String text) {
    return "CASE WHEN "
        + text
        + " ~ '^[A-Za-z0-9_.~-]*$' THEN "
        + text
        + " ELSE (SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9_.~-]' THEN c"
        + " ELSE regexp_replace(encode(convert_to(c,'UTF8'),'hex'),'(..)','%\\1','g') END, '' ORDER BY o)"
        + " FROM regexp_split_to_table("
        + text
        + ",'') WITH ORDINALITY AS s(c,o)) END";
  }

  private static List<ObjectNode> columns() {
    List<ObjectNode> columns = new ArrayList<>();
    columns.add(Fields.emptyCells(""));
    columns.add(Fields.byName("Run", Fields.width(180), Fields.link("Open run", Panels.OPEN_RUN)));
    columns.add(
        Fields.byName(
            "Compare",
            Fields.width(80),
            Fields.align("center"),
            Fields.cell("type", "color-text"),
            Fields.property(
                "mappings",
                Json.array(
                    Json.object(
                        "type",
                        "value",
                        "options",
                        Json.object(
                            "✓ added",
                            Json.object("color", "green", "index", 0),
                            "+ add",
                            Json.object("color", "text", "index", 1))))),
            Fields.link("Add to / remove from comparison", BASKET_LINK)));
    columns.add(Fields.status("Status", 98));
    columns.add(Fields.progress(114));
    columns.add(Fields.duration(86));
    columns.add(Fields.ago("Started", 106));
    columns.add(Fields.byName("Project", Fields.width(84)));
    columns.add(Fields.byName("Group", Fields.width(84)));
    columns.add(
        Fields.byName(
            "NaN",
            Fields.width(58),
            Fields.align("right"),
            Fields.unit("locale"),
            Fields.color("red"),
            Fields.cell("type", "color-text")));
    columns.add(
        Fields.byName(
            "Tags",
            Fields.minWidth(130),
            Fields.cell("type", "pill"),
            Fields.property("color", Json.object("mode", "palette-classic"))));
    columns.add(
        Fields.byRegexp(
            "/^" + Markers.METRIC_COLUMN + "/",
            Fields.align("right"),
            Fields.minWidth(104),
            Fields.decimals(4)));
    columns.add(
        Fields.byRegexp(
            "/^" + Markers.METRIC_COLUMN + ".*(" + KeyNames.FRACTION + ")/i",
            Fields.unit("percentunit"),
            Fields.decimals(2)));
    columns.add(
        Fields.byRegexp(
            "/^" + Markers.PARAMETER_COLUMN + "/",
            Fields.unit("string"),
            Fields.minWidth(86),
            Fields.color("text")));
    columns.add(
        Fields.byName(
            "Trend",
            Fields.width(110),
            Fields.cell(
                "type",
                "sparkline",
                "hideValue",
                true,
                "lineWidth",
                1,
                "fillOpacity",
                15,
                "showPoints",
                "never"),
            Fields.color("blue")));
    columns.addAll(Fields.hidden("run_id", "from_ms", "to_ms", "basket"));
    return columns;
  }

  private static ObjectNode extract(String column) {
    return Transform.transformation(
        "extractFields",
        Json.object("source", column, "format", "json", "replace", false, "keepTime", false));
  }
}
