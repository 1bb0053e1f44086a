package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/** A dashboard around its panels: rows, links above, and what all dashboards share. */
final class Board {

  private static final int SCHEMA_VERSION = 41;

  private Board() {}

  static ObjectNode dashboard(
      String uid,
      String title,
      String description,
      String from,
      ArrayNode links,
      ArrayNode annotations,
      Collection<ObjectNode> variables,
      Collection<ObjectNode> panels) {
    return Json.object(
        "uid",
        uid,
        "title",
        title,
        "description",
        description,
        "tags",
        Json.array("telestep"),
        "schemaVersion",
        SCHEMA_VERSION,
        "version",
        1,
        "editable",
        false,
        "graphTooltip",
        1,
        "refresh",
        "10s",
        "time",
        Json.object("from", from, "to", "now"),
        "timezone",
        "browser",
        "fiscalYearStartMonth",
        0,
        "weekStart",
        "",
        "timepicker",
        Json.object("refresh_intervals", Json.array("5s", "10s", "30s", "1m", "5m")),
        "annotations",
        Json.object("list", annotations),
        "links",
        links,
        "templating",
        Json.object("list", Json.array(variables)),
        "panels",
        Json.array(panels));
  }

  /** A button above the panels. */
  static ObjectNode link(String title, String uid, boolean includeVariables) {
    return Json.object(
        "type",
        "link",
        "title",
        title,
        "icon",
        "dashboard",
        "url",
        "/d/" + uid,
        "includeVars",
        includeVariables,
        "keepTime",
        false,
        "targetBlank",
        false,
        "asDropdown",
        false,
        "tags",
        Json.array(),
        "tooltip",
        "");
  }

  static ObjectNode row(int id, String title, int y) {
    return rowOf(id, title, y, false, List.of());
  }

  /** A row that is closed until someone opens it; its panels ask nothing before. */
  static ObjectNode closedRow(int id, String title, int y, List<ObjectNode> panels) {
    return rowOf(id, title, y, true, panels);
  }

  private static ObjectNode rowOf(
      int id, String title, int y, boolean collapsed, List<ObjectNode> panels) {
    return Json.object(
        "id",
        id,
        "type",
        "row",
        "title",
        title,
        "gridPos",
        new Grid(0, y, 24, 1).json(),
        "collapsed",
        collapsed,
        "panels",
        Json.array(panels));
  }
}
