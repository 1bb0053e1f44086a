package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What Grafana does to the answer of a query before a panel sees it. */
final class Transform {

  private Transform() {}

  static ObjectNode transformed(ObjectNode panel, ObjectNode... transformations) {
    return panel.set("transformations", Json.array((Object[]) transformations));
  }

  static ObjectNode transformation(String id, ObjectNode options) {
    return Json.object("id", id, "options", options);
  }

  /** Makes a column of every value of {@code column}: one frame on one grid of {@code row}. */
  static ObjectNode matrix(String row, String column, String value) {
    return transformation(
        "groupingToMatrix",
        Json.object(
            "rowField", row, "columnField", column, "valueField", value, "emptyValue", "null"));
  }

  /** Names the first column of a matrix, which Grafana calls {@code row\column}. */
  static ObjectNode renameMatrixRow(String row, String column, String name) {
    return transformation(
        "renameByRegex",
        Json.object("regex", "^" + row + "\\\\" + column + "$", "renamePattern", name));
  }

  /** Names and removes columns; names may contain variables. */
  static ObjectNode organize(ObjectNode exclude, ObjectNode rename) {
    return transformation(
        "organize",
        Json.object(
            "excludeByName", exclude, "indexByName", Json.object(), "renameByName", rename));
  }
}
