package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Takes every query out of dashboards and alert rules. */
public final class GrafanaQueries {

  private GrafanaQueries() {}

  /** Queries of variables, annotations and panels, also of those in closed rows, in this order. */
  public static List<GrafanaQuery> ofDashboard(JsonNode dashboard) {
    String uid = dashboard.path("uid").asText();
    List<GrafanaQuery> queries = new ArrayList<>();
    for (JsonNode variable : dashboard.at("/templating/list")) {
      if (variable.path("type").asText().equals("query")) {
        queries.add(
            new GrafanaQuery(
                uid,
                GrafanaQuery.Source.VARIABLE,
                variable.path("name").asText(),
                "table",
                variable.path("query").asText(),
                variable));
      }
    }
    for (JsonNode annotation : dashboard.at("/annotations/list")) {
      queries.add(
          query(
              uid,
              GrafanaQuery.Source.ANNOTATION,
              annotation.path("name").asText(),
              annotation.path("target"),
              annotation));
    }
    for (JsonNode panel : panels(dashboard)) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            query(uid, GrafanaQuery.Source.PANEL, panel.path("title").asText(), target, panel));
      }
    }
    return queries;
  }

  /** Queries of the rules of an alert rule file; expressions are none. */
  public static List<GrafanaQuery> ofAlertRules(JsonNode file) {
    List<GrafanaQuery> queries = new ArrayList<>();
    for (JsonNode group : file.path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        for (JsonNode data : rule.path("data")) {
          if (data.path("model").has("rawSql")) {
            queries.add(
                query(
                    rule.path("uid").asText(),
                    GrafanaQuery.Source.ALERT,
                    rule.path("title").asText(),
                    data.path("model"),
                    rule));
          }
        }
      }
    }
    return queries;
  }

  /** All panels but rows, with those in rows. */
  static List<JsonNode> panels(JsonNode dashboard) {
    List<JsonNode> panels = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      if (panel.path("type").asText().equals("row")) {
        panel.path("panels").forEach(panels::add);
      } else {
        panels.add(panel);
      }
    }
    return panels;
  }

  private static GrafanaQuery query(
      String uid, GrafanaQuery.Source source, String name, JsonNode target, JsonNode definition) {
    return new GrafanaQuery(
        uid,
        source,
        name,
        target.path("format").asText(),
        target.path("rawSql").asText(),
        definition);
  }
}
