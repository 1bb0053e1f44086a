package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What each type of panel needs of its JSON, and of its place. */
final class PanelLint {

  /** All ship with Grafana itself. */
  private static final Set<String> TYPES =
      Set.of("stat", "gauge", "table", "trend", "timeseries", "xychart", "logs", "row");

  private static final Pattern FIELD = Pattern.compile("\\$\\{__data\\.fields\\.(\\w+)[^}]*\\}");

  /** The characters of no width that carry meaning. */
  private static final Pattern UNSEEN = Pattern.compile("[\u200b-\u200d\u2060]");

  private final String dashboard;
  private final List<String> problems = new ArrayList<>();
  private final Set<Integer> ids = new HashSet<>();

  private PanelLint(String dashboard) {
    this.dashboard = dashboard;
  }

  static List<String> problems(JsonNode dashboard) {
    PanelLint lint = new PanelLint(dashboard.path("uid").asText());
    lint.level(dashboard.path("panels"));
    for (JsonNode panel : dashboard.path("panels")) {
      lint.level(panel.path("panels"));
    }
    return lint.problems;
  }

  private void level(JsonNode panels) {
    List<JsonNode> placed = new ArrayList<>();
    for (JsonNode panel : panels) {
      place(panel, placed);
      placed.add(panel);
      expect(panel, ids.add(panel.path("id").asInt()), "the id is taken");
      String type = panel.path("type").asText();
      expect(panel, TYPES.contains(type), "not a core panel: " + type);
      if (type.equals("row")) {
        expect(
            panel,
            panel.path("collapsed").asBoolean() == !panel.path("panels").isEmpty(),
            "an open row has its panels beside it, a closed one within");
      } else {
        panel(panel, type);
      }
    }
  }

  private void place(JsonNode panel, List<JsonNode> placed) {
    JsonNode grid = panel.path("gridPos");
    int x = grid.path("x").asInt(-1);
    int y = grid.path("y").asInt(-1);
    int w = grid.path("w").asInt();
    int h = grid.path("h").asInt();
    expect(panel, x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 24, "not on the grid: " + grid);
    for (JsonNode other : placed) {
      JsonNode o = other.path("gridPos");
      boolean apart =
          x + w <= o.path("x").asInt()
              || o.path("x").asInt() + o.path("w").asInt() <= x
              || y + h <= o.path("y").asInt()
              || o.path("y").asInt() + o.path("h").asInt() <= y;
      expect(panel, apart, "overlaps " + other.path("title").asText());
    }
  }

  private void panel(JsonNode panel, String type) {
    Set<String> refIds = new HashSet<>();
    for (JsonNode target : panel.path("targets")) {
      expect(panel, refIds.add(target.path("refId").asText()), "two queries have one refId");
      expect(panel, target.path("rawQuery").asBoolean(), "rawQuery must be true");
      expect(panel, target.path("editorMode").asText().equals("code"), "editorMode must be code");
      expect(
          panel,
          target.path("format").asText().matches("table|time_series"),
          "unknown format of the query");
    }
    expect(panel, refIds.size() == 1, "one query per panel");
    expect(panel, panel.at("/fieldConfig/overrides").isArray(), "no overrides");
    expect(panel, panel.at("/fieldConfig/defaults/noValue").isTextual(), "says nothing when empty");
    switch (type) {
      case "stat", "gauge" -> {
        expect(panel, panel.at("/options/reduceOptions/calcs").size() == 1, "no reduceOptions");
        expect(panel, panel.at("/options/reduceOptions/fields").isTextual(), "no reduce fields");
      }
      case "trend" -> trend(panel);
      case "xychart" ->
          expect(
              panel,
              panel.path("pluginVersion").asText().matches("1[1-9]\\.[1-9].*|1[2-9]\\..*"),
              "without a pluginVersion from 11.1 the options count as the old format");
      case "table" -> expect(panel, panel.at("/options/cellHeight").isTextual(), "no cell height");
      case "logs" -> expect(panel, panel.at("/options/showTime").asBoolean(), "shows no time");
      default -> expect(panel, panel.at("/options/legend").isObject(), "no legend");
    }
    fields(panel);
    markers(panel);
  }

  private void trend(JsonNode panel) {
    JsonNode defaults = panel.at("/fieldConfig/defaults");
    expect(panel, !defaults.has("min") && !defaults.has("max"), "limits would cut the x axis");
    expect(panel, defaults.at("/custom/spanNulls").asBoolean(), "curves on a grid need spanNulls");
    expect(panel, panel.at("/transformations/0").isObject(), "nothing makes one frame of the rows");
  }

  /** Links and display names may use only columns that the query has. */
  private void fields(JsonNode panel) {
    String sql = panel.at("/targets/0/rawSql").asText();
    Matcher field = FIELD.matcher(panel.path("fieldConfig").toString());
    while (field.find()) {
      expect(
          panel,
          sql.matches("(?s).*\\b" + field.group(1) + "\\b.*"),
          "no column for " + field.group());
    }
  }

  /** The unseen characters in SQL are exactly those that overrides look for. */
  private void markers(JsonNode panel) {
    Set<String> written = unseen(panel.at("/targets/0/rawSql").asText());
    Set<String> matched = unseen(panel.at("/fieldConfig/overrides").toString());
    expect(
        panel,
        written.equals(matched),
        "SQL writes the markers " + codes(written) + ", overrides match " + codes(matched));
  }

  private static Set<String> unseen(String text) {
    Set<String> found = new TreeSet<>();
    UNSEEN.matcher(text).results().forEach(r -> found.add(r.group()));
    return found;
  }

  private static List<String> codes(Set<String> markers) {
    return markers.stream().map(m -> "U+" + Integer.toHexString(m.charAt(0))).toList();
  }

  private void expect(JsonNode panel, boolean holds, String problem) {
    if (!holds) {
      problems.add(dashboard + " panel " + panel.path("title").asText() + ": " + problem);
    }
  }
}
