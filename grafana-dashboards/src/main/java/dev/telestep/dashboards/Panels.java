package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Panels with the defaults that all of them share. */
final class Panels {

  static final String DATA_SOURCE_TYPE = "grafana-postgresql-datasource";

  static final String RUNS_UID = "telestep-runs";
  static final String RUN_UID = "telestep-run";
  static final String COMPARE_UID = "telestep-compare";

  /** Opens the run of a row on its own time range. */
  static final String OPEN_RUN =
      "/d/"
          + RUN_UID
          + "?${datasource:queryparam}&var-run=${__data.fields.run_id:percentencode}"
          + "&from=${__data.fields.from_ms}&to=${__data.fields.to_ms}";

  private Panels() {}

  static ObjectNode dataSource() {
    return Json.object("type", DATA_SOURCE_TYPE, "uid", "${datasource}");
  }

  static ObjectNode target(String refId, String format, String sql) {
    return Json.object(
        "refId",
        refId,
        "datasource",
        dataSource(),
        "format",
        format,
        "rawQuery",
        true,
        "editorMode",
        "code",
        "rawSql",
        sql);
  }

  /** A number or a short text; {@code color} of the value. */
  static ObjectNode stat(int id, String title, String description, Grid grid, String sql) {
    return panel(
        id,
        "stat",
        title,
        description,
        grid,
        "table",
        sql,
        Json.object(
            "reduceOptions",
            Json.object("values", false, "calcs", Json.array("lastNotNull"), "fields", ""),
            "orientation",
            "auto",
            "textMode",
            "value",
            "colorMode",
            "value",
            "graphMode",
            "none",
            "justifyMode",
            "center",
            "wideLayout",
            true,
            "showPercentChange",
            false,
            "text",
            Json.object("titleSize", 14, "valueSize", 20)),
        Json.object("unit", "none", "noValue", "–").<ObjectNode>setAll(noThresholds("text")),
        List.of());
  }

  static ObjectNode table(
      int id,
      String title,
      String description,
      Grid grid,
      String sql,
      String noRows,
      List<ObjectNode> overrides) {
    return panel(
        id,
        "table",
        title,
        description,
        grid,
        "table",
        sql,
        Json.object("showHeader", true, "cellHeight", "sm", "enablePagination", false),
        Json.object(
                "custom",
                Json.object(
                    "align",
                    "auto",
                    "cellOptions",
                    Json.object("type", "auto"),
                    "filterable",
                    false,
                    "inspect",
                    false,
                    "minWidth",
                    60))
            .<ObjectNode>setAll(noThresholds("text"))
            .put("noValue", noRows),
        overrides);
  }

  /** Curves over a number. */
  static ObjectNode trend(
      int id,
      String title,
      String description,
      Grid grid,
      String sql,
      String noRows,
      List<ObjectNode> overrides) {
    return curves(id, "trend", title, description, grid, "table", sql, noRows, overrides);
  }

  /** Curves over the clock; {@code format} is {@code table} or {@code time_series}. */
  static ObjectNode timeSeries(
      int id,
      String title,
      String description,
      Grid grid,
      String format,
      String sql,
      String noRows,
      List<ObjectNode> overrides) {
    return curves(id, "timeseries", title, description, grid, format, sql, noRows, overrides);
  }

  static ObjectNode panel(
      int id,
      String type,
      String title,
      String description,
      Grid grid,
      String format,
      String sql,
      ObjectNode options,
      ObjectNode defaults,
      List<ObjectNode> overrides) {
    return Json.object(
        "id",
        id,
        "type",
        type,
        "title",
        title,
        "description",
        description,
        "gridPos",
        grid.json(),
        "datasource",
        dataSource(),
        "targets",
        Json.array(target("A", format, sql)),
        "options",
        options,
        "fieldConfig",
        Json.object("defaults", defaults, "overrides", Json.array(overrides)));
  }

  /** One copy of the panel per value of the variable, three in a line. */
  static ObjectNode repeated(ObjectNode panel, String variable) {
    return panel.put("repeat", variable).put("repeatDirection", "h").put("maxPerRow", 3);
  }

  /** The parts of a panel's field configuration and options, for panels that differ a little. */
  static ObjectNode defaultsOf(ObjectNode panel) {
    return panel.withObject("/fieldConfig/defaults");
  }

  static ObjectNode optionsOf(ObjectNode panel) {
    return panel.withObject("/options");
  }

  static ObjectNode thresholds(Object... colorsAndValues) {
    ArrayNode steps = Json.array(Json.object("color", colorsAndValues[0], "value", null));
    for (int i = 1; i < colorsAndValues.length; i += 2) {
      steps.add(Json.object("color", colorsAndValues[i], "value", colorsAndValues[i + 1]));
    }
    return Json.object("mode", "absolute", "steps", steps);
  }

  static ObjectNode noThresholds(String color) {
    return Json.object(
        "mappings",
        Json.array(),
        "thresholds",
        thresholds(color),
        "color",
        Json.object("mode", "thresholds"));
  }

  private static ObjectNode curves(
      int id,
      String type,
      String title,
      String description,
      Grid grid,
      String format,
      String sql,
      String noRows,
      List<ObjectNode> overrides) {
    return panel(
        id,
        type,
        title,
        description,
        grid,
        format,
        sql,
        Json.object(
            "legend",
            legend(false),
            "tooltip",
            Json.object("mode", "multi", "sort", "none", "hideZeros", false)),
        Json.object(
            "unit",
            "none",
            "custom",
            curveStyle(),
            "mappings",
            Json.array(),
            "color",
            Json.object("mode", "palette-classic"),
            "thresholds",
            thresholds("text"),
            "noValue",
            noRows),
        overrides);
  }

  static ObjectNode legend(boolean show) {
    return Json.object(
        "displayMode", "list", "placement", "bottom", "showLegend", show, "calcs", Json.array());
  }

  private static ObjectNode curveStyle() {
    return Json.object(
        "lineInterpolation",
        "linear",
        "drawStyle",
        "line",
        "lineWidth",
        1,
        "fillOpacity",
        0,
        "showPoints",
        "never",
        "spanNulls",
        true,
        "axisBorderShow",
        false,
        "axisGridShow",
        true,
        "axisPlacement",
        "auto",
        "scaleDistribution",
        Json.object("type", "linear"),
        "barAlignment",
        0,
        "gradientMode",
        "none",
        "pointSize",
        5,
        "stacking",
        Json.object("mode", "none", "group", "A"),
        "thresholdsStyle",
        Json.object("mode", "off"));
  }
}
