package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Place of a panel on Grafana's grid: 24 columns wide, rows of 30 pixels and a gap of 8. */
record Grid(int x, int y, int w, int h) {

  ObjectNode json() {
    return Json.object("x", x, "y", y, "w", w, "h", h);
  }
}
