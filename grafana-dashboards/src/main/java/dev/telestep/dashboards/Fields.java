package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Field overrides. Grafana applies them in order, and a later one sees the name an earlier set. */
final class Fields {

  /** Colours of the compared runs by the last digit of their number, 1 first; 0 is the tenth. */
  static final List<String> RUN_COLORS =
      List.of(
          "blue", "orange", "green", "purple", "red", "yellow", "#1BA3A3", "#D6589F", "#8C6D46",
          "#8E9AAF");

  private static final String[][] STATUS_COLORS = {
    {"running", "blue"},
    {"finished", "green"},
    {"failed", "red"},
    {"killed", "dark-red"},
    {"stopped", "orange"},
    {"unreachable", "purple"}
  };

  private Fields() {}

  static ObjectNode byName(String name, ObjectNode... properties) {
    return override("byName", name, properties);
  }

  static ObjectNode byRegexp(String regexp, ObjectNode... properties) {
    return override("byRegexp", regexp, properties);
  }

  static ObjectNode property(String id, Object value) {
    return Json.object("id", id, "value", value);
  }

  static ObjectNode width(int pixels) {
    return property("custom.width", pixels);
  }

  static ObjectNode minWidth(int pixels) {
    return property("custom.minWidth", pixels);
  }

  static ObjectNode align(String side) {
    return property("custom.align", side);
  }

  static ObjectNode unit(String unit) {
    return property("unit", unit);
  }

  static ObjectNode decimals(int decimals) {
    return property("decimals", decimals);
  }

  static ObjectNode color(String color) {
    return property("color", fixed(color));
  }

  static ObjectNode fixed(String color) {
    return Json.object("mode", "fixed", "fixedColor", color);
  }

  static ObjectNode cell(Object... namesAndValues) {
    return property("custom.cellOptions", Json.object(namesAndValues));
  }

  static ObjectNode link(String title, String url) {
    return property("links", Json.array(Json.object("title", title, "url", url)));
  }

  /** Overrides that keep columns for links and hide them from people. */
  static List<ObjectNode> hidden(String... names) {
    List<ObjectNode> overrides = new ArrayList<>();
    for (String name : names) {
      overrides.add(byName(name, property("custom.hideFrom.viz", true)));
    }
    return overrides;
  }

  /** Empty cells stay empty although the table has a sentence for "no rows". */
  static ObjectNode emptyCells(String text) {
    return byRegexp("/.*/", property("noValue", text));
  }

  static ArrayNode statusMappings() {
    ObjectNode options = Json.object();
    for (int i = 0; i < STATUS_COLORS.length; i++) {
      String status = STATUS_COLORS[i][0];
      options.set(status, Json.object("color", STATUS_COLORS[i][1], "index", i, "text", status));
    }
    return Json.array(Json.object("type", "value", "options", options));
  }

  static ObjectNode status(String column, int width) {
    return byName(
        column,
        width(width),
        property("mappings", statusMappings()),
        cell("type", "color-background", "mode", "basic"),
        align("center"));
  }

  static ObjectNode progress(int width) {
    return byName(
        "Progress",
        width(width),
        unit("percentunit"),
        property("min", 0),
        property("max", 1),
        decimals(0),
        color("blue"),
        cell("type", "gauge", "mode", "lcd", "valueDisplayMode", "text"));
  }

  static ObjectNode duration(int width) {
    return byName("Duration", width(width), unit("dthms"), decimals(0), align("right"));
  }

  static ObjectNode ago(String column, int width) {
    return byName(column, width(width), unit("dateTimeFromNow"), align("right"));
  }

  static ObjectNode count(String column, int width) {
    return byName(column, width(width), unit("locale"), align("right"));
  }

  /** The number of a compared run, on the colour of its curves. */
  static ObjectNode runNumber() {
    ArrayNode mappings = Json.array();
    for (int i = 0; i < RUN_COLORS.size(); i++) {
      mappings.add(
          Json.object(
              "type",
              "regex",
              "options",
              Json.object(
                  "pattern",
                  "^(\\d*" + (i + 1) % 10 + ")$",
                  "result",
                  Json.object("color", RUN_COLORS.get(i), "index", i, "text", "$1"))));
    }
    return byName(
        "#",
        width(44),
        align("center"),
        cell("type", "color-background", "mode", "basic"),
        property("mappings", mappings));
  }

  /** The colours of series that are named {@code number · run}. */
  static List<ObjectNode> runColors() {
    List<ObjectNode> overrides = new ArrayList<>();
    for (int i = 0; i < RUN_COLORS.size(); i++) {
      overrides.add(byRegexp("/(^|\\s)\\d*" + (i + 1) % 10 + " · /", color(RUN_COLORS.get(i))));
    }
    return overrides;
  }

  /** Units by what the name of the metric says, for fields that carry the name. */
  static List<ObjectNode> unitsByKey() {
    return List.of(
        byRegexp(KeyNames.matcher(KeyNames.FRACTION), unit("percentunit")),
        byRegexp(KeyNames.matcher(KeyNames.MILLISECONDS), unit("ms")),
        byRegexp(KeyNames.matcher(KeyNames.LEARNING_RATE), unit("sci")));
  }

  static ObjectNode logScale(String matcher) {
    return byRegexp(
        matcher, property("custom.scaleDistribution", Json.object("type", "log", "log", 10)));
  }

  /** What the x axis is called and how its values are written; the field is named by variable. */
  static List<ObjectNode> xAxes() {
    return List.of(
        byName(Variables.STEP, unit("locale"), property("custom.axisLabel", "step")),
        byName(Variables.EPOCH, unit("none"), decimals(1), property("custom.axisLabel", "epoch")),
        byName(
            Variables.SINCE_START,
            unit("dthms"),
            decimals(0),
            property("custom.axisLabel", "time since start")));
  }

  private static ObjectNode override(String matcher, String options, ObjectNode... properties) {
    return Json.object(
        "matcher",
        Json.object("id", matcher, "options", options),
        "properties",
        Json.array((Object[]) properties));
  }
}
