package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Dashboard variables: what a viewer chooses above the panels. */
final class Variables {

  static final String STEP = "Step";
  static final String EPOCH = "Epoch";
  static final String SINCE_START = "Time since start";

  private static final String ALL = "$__all";

  private Variables() {}

  /** The data source; hidden, since provisioning makes exactly one that matches. */
  static ObjectNode dataSource() {
    return Json.object(
        "name",
        "datasource",
        "type",
        "datasource",
        "label",
        "Data source",
        "query",
        Panels.DATA_SOURCE_TYPE,
        "current",
        Json.object(),
        "hide",
        2,
        "refresh",
        1,
        "regex",
        "/telestep/");
  }

  /** One value from a query; the first row unless {@code preferred} is among them. */
  static ObjectNode one(String name, String label, String sql, String preferred) {
    return query(name, label, sql)
        .put("multi", false)
        .put("includeAll", false)
        .set(
            "current",
            preferred.isEmpty()
                ? Json.object()
                : Json.object("text", preferred, "value", preferred));
  }

  /** Several values from a query, all at first. */
  static ObjectNode all(String name, String label, String sql) {
    return many(name, label, sql, List.of());
  }

  /** Several values from a query: those of the preferred that exist, all when none does. */
  static ObjectNode many(String name, String label, String sql, List<String> preferred) {
    ObjectNode current =
        preferred.isEmpty()
            ? Json.object("text", Json.array("All"), "value", Json.array(ALL))
            : Json.object("text", Json.array(preferred), "value", Json.array(preferred));
    return query(name, label, sql)
        .put("multi", true)
        .put("includeAll", true)
        .set("current", current);
  }

  /** Runs to compare; {@code texts} and {@code values} are what is chosen at first. */
  static ObjectNode runs(String label, String sql, ArrayNode texts, ArrayNode values) {
    return query("run", label, sql)
        .put("multi", true)
        .put("includeAll", false)
        .set("current", Json.object("text", texts, "value", values));
  }

  /** One of fixed choices, given as text and value in turn; the first is chosen at first. */
  static ObjectNode choice(String name, String label, String... textsAndValues) {
    return choiceOf(0, name, label, textsAndValues);
  }

  /** Any of fixed choices whose texts are their values; all at first. */
  static ObjectNode choices(String name, String label, List<String> values) {
    String[] textsAndValues =
        values.stream().flatMap(v -> List.of(v, v).stream()).toArray(String[]::new);
    return custom(0, name, label, textsAndValues)
        .put("multi", true)
        .put("includeAll", true)
        .set("current", Json.object("text", Json.array("All"), "value", Json.array(ALL)));
  }

  static ObjectNode text(String name, String label) {
    return Json.object(
        "name",
        name,
        "type",
        "textbox",
        "label",
        label,
        "query",
        "",
        "current",
        Json.object("text", "", "value", ""),
        "options",
        Json.array(Json.object("text", "", "value", "", "selected", true)),
        "hide",
        0);
  }

  /** What the x axis is: a step, an epoch, a time, or any key that the runs have logged. */
  static ObjectNode xAxis(String runCondition) {
    return one(
            "x_axis",
            "X axis",
            """
        SELECT __text, __value FROM (\
        SELECT 0 AS o, '%1$s' AS __text, 'step' AS __value UNION ALL SELECT 1, '%2$s', 'epoch' UNION ALL SELECT 2, '%3$s', 'time' \
        UNION ALL (SELECT DISTINCT 3, key, key FROM telestep.run_metrics WHERE %4$s AND key NOT IN ('step','epoch','time') ORDER BY 2 LIMIT 200)) a \
        ORDER BY o, __text"""
                .formatted(STEP, EPOCH, SINCE_START, runCondition),
            "")
        .set("current", Json.object("text", STEP, "value", "step"));
  }

  /** Weight of the past in the moving average; other weights can be typed. */
  static ObjectNode smoothing() {
    return choiceOf(
            1,
            "smoothing",
            "Smoothing",
            "off",
            "0",
            "0.6",
            "0.6",
            "0.9",
            "0.9",
            "0.97",
            "0.97",
            "0.99",
            "0.99")
        .put("allowCustomValue", true);
  }

  static ObjectNode scale() {
    return choice("scale", "Y scale", "linear", "linear", "log", "log");
  }

  static ObjectNode goal() {
    return choice("goal", "Best is", "auto", "auto", "highest", "max", "lowest", "min");
  }

  /** Ends of the range on the x axis, in its unit; empty means all. */
  static List<ObjectNode> range() {
    return List.of(text("step_from", "X from"), text("step_to", "X to"));
  }

  private static ObjectNode choiceOf(
      int chosen, String name, String label, String... textsAndValues) {
    return custom(chosen, name, label, textsAndValues)
        .put("multi", false)
        .put("includeAll", false)
        .set(
            "current",
            Json.object(
                "text", textsAndValues[2 * chosen], "value", textsAndValues[2 * chosen + 1]));
  }

  private static ObjectNode query(String name, String label, String sql) {
    return Json.object(
        "name",
        name,
        "type",
        "query",
        "label",
        label,
        "datasource",
        Panels.dataSource(),
        "query",
        sql,
        "definition",
        sql,
        "refresh",
        2,
        "sort",
        0,
        "regex",
        "",
        "hide",
        0,
        "options",
        Json.array());
  }

  private static ObjectNode custom(
      int chosen, String name, String label, String... textsAndValues) {
    ArrayNode options = Json.array();
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < textsAndValues.length; i += 2) {
      String text = textsAndValues[i];
      String value = textsAndValues[i + 1];
      options.add(Json.object("text", text, "value", value, "selected", i == 2 * chosen));
      query.append(i == 0 ? "" : ", ").append(text).append(" : ").append(value);
    }
    return Json.object(
        "name",
        name,
        "type",
        "custom",
        "label",
        label,
        "query",
        query.toString(),
        "options",
        options,
        "allowCustomValue",
        false,
        "hide",
        0);
  }
}
