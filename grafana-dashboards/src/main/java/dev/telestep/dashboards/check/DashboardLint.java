package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Grafana needs of dashboards, as far as their JSON tells: a problem is one sentence. */
public final class DashboardLint {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\w+)[^}]*\\}|\\$(\\w+)");
  private static final Pattern LINK = Pattern.compile("\"(/d/([\\w-]+)[^\"]*)\"");
  private static final Pattern LINK_VARIABLE = Pattern.compile("\\bvar-(\\w+)=");

  private final Map<String, JsonNode> dashboards = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private DashboardLint() {}

  /** Problems of dashboards that stand in one folder and link to each other. */
  public static List<String> problems(Collection<? extends JsonNode> dashboards) {
    DashboardLint lint = new DashboardLint();
    for (JsonNode dashboard : dashboards) {
      if (lint.dashboards.put(dashboard.path("uid").asText(), dashboard) != null) {
        lint.problems.add("two dashboards have the uid " + dashboard.path("uid").asText());
      }
    }
    Set<String> titles = new HashSet<>();
    for (JsonNode dashboard : dashboards) {
      lint.expect(dashboard, titles.add(dashboard.path("title").asText()), "the title is taken");
      lint.check(dashboard);
    }
    return lint.problems;
  }

  /** The definition of a variable, null when the dashboard has none of this name. */
  static @Nullable JsonNode variable(JsonNode dashboard, String name) {
    for (JsonNode variable : dashboard.at("/templating/list")) {
      if (variable.path("name").asText().equals(name)) {
        return variable;
      }
    }
    return null;
  }

  private void check(JsonNode dashboard) {
    expect(dashboard, dashboard.path("schemaVersion").asInt() == 41, "schemaVersion must be 41");
    expect(dashboard, !dashboard.path("uid").asText().isEmpty(), "no uid");
    expect(dashboard, !dashboard.path("title").asText().isEmpty(), "no title");
    expect(dashboard, !dashboard.has("id"), "an id belongs to one Grafana only");
    expect(dashboard, !dashboard.path("editable").asBoolean(true), "must not be editable");
    expect(dashboard, dashboard.at("/time/from").isTextual(), "no time range");
    for (JsonNode each : dashboard.at("/timepicker/refresh_intervals")) {
      expect(dashboard, !each.asText().matches("[1-4]s|\\d+ms"), "Grafana refuses " + each);
    }
    variables(dashboard);
    PanelLint.problems(dashboard).forEach(problems::add);
    for (GrafanaQuery query : GrafanaQueries.ofDashboard(dashboard)) {
      problems.addAll(SqlLint.problems(query, dashboard));
    }
    links(dashboard);
    dataSources(dashboard, dashboard);
  }

  private void variables(JsonNode dashboard) {
    Set<String> names = new HashSet<>();
    for (JsonNode variable : dashboard.at("/templating/list")) {
      String name = variable.path("name").asText();
      expect(dashboard, names.add(name), "two variables have the name " + name);
      switch (variable.path("type").asText()) {
        case "query" -> {
          expect(dashboard, variable.path("query").isTextual(), name + " has no query");
          expect(
              dashboard,
              variable.path("definition").equals(variable.path("query")),
              name + " shows another query than it asks");
          expect(dashboard, variable.has("datasource"), name + " has no data source");
          expect(dashboard, variable.path("sort").asInt(-1) == 0, name + " sorts what SQL sorted");
        }
        case "custom" -> options(dashboard, variable);
        case "textbox" ->
            expect(dashboard, variable.path("options").size() == 1, name + " needs one option");
        case "datasource" ->
            expect(
                dashboard,
                variable.path("query").asText().equals("grafana-postgresql-datasource"),
                name + " must choose a PostgreSQL source");
        default -> expect(dashboard, false, name + " has an unknown type");
      }
    }
    String text = dashboard.toString();
    Set<String> used = references(text);
    for (String name : names) {
      expect(dashboard, used.contains(name), "nothing uses the variable " + name);
    }
    for (String reference : used) {
      expect(
          dashboard,
          names.contains(reference) || reference.startsWith("__") || reference.matches("\\d+"),
          "unknown variable " + reference);
    }
  }

  private void options(JsonNode dashboard, JsonNode variable) {
    String name = variable.path("name").asText();
    List<String> parts = new ArrayList<>();
    Set<String> values = new HashSet<>();
    for (JsonNode option : variable.path("options")) {
      parts.add(option.path("text").asText() + " : " + option.path("value").asText());
      values.add(option.path("value").asText());
    }
    expect(
        dashboard,
        String.join(", ", parts).equals(variable.path("query").asText()),
        name + " has other options than its query");
    JsonNode current = variable.at("/current/value");
    String chosen = current.isArray() ? current.path(0).asText() : current.asText();
    expect(
        dashboard,
        values.contains(chosen) || chosen.equals("$__all"),
        name + " starts with a value that is no option: " + chosen);
  }

  private void links(JsonNode dashboard) {
    Matcher link = LINK.matcher(dashboard.toString());
    while (link.find()) {
      JsonNode target = dashboards.get(link.group(2));
      if (target == null) {
        problems.add(name(dashboard) + "a link leads to an unknown dashboard: " + link.group(1));
        continue;
      }
      Matcher variable = LINK_VARIABLE.matcher(link.group(1));
      while (variable.find()) {
        expect(
            dashboard,
            variable(target, variable.group(1)) != null,
            "a link sets an unknown variable: " + variable.group());
      }
      for (String reference : references(link.group(1))) {
        expect(
            dashboard,
            reference.startsWith("__") || variable(target, reference) != null,
            "a link carries a variable that its target does not have: " + reference);
      }
    }
  }

  private void dataSources(JsonNode dashboard, JsonNode node) {
    if (node.has("datasource") && node instanceof ObjectNode) {
      JsonNode source = node.path("datasource");
      expect(
          dashboard,
          source.path("type").asText().equals("grafana-postgresql-datasource")
              && source.path("uid").asText().equals("${datasource}"),
          "a data source is not the variable: " + source);
    }
    node.forEach(child -> dataSources(dashboard, child));
  }

  private void expect(JsonNode dashboard, boolean holds, String problem) {
    if (!holds) {
      problems.add(name(dashboard) + problem);
    }
  }

  private static String name(JsonNode dashboard) {
    return dashboard.path("uid").asText() + ": ";
  }

  private static Set<String> references(String text) {
    return REFERENCE
        .matcher(text)
        .results()
        .map(r -> r.group(1) == null ? r.group(2) : r.group(1))
        .collect(Collectors.toSet());
  }
}
