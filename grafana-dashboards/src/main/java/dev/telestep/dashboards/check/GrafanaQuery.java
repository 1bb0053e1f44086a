package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A query that Grafana sends to the database.
 *
 * @param dashboard uid of the dashboard, or of the alert rule
 * @param source what asks
 * @param name title of the panel, or name of the variable, annotation or alert rule
 * @param format {@code table} or {@code time_series}; variables have {@code table}
 * @param rawSql the SQL before variables and macros are filled in
 * @param definition the panel, variable, annotation or alert rule
 */
public record GrafanaQuery(
    String dashboard,
    Source source,
    String name,
    String format,
    String rawSql,
    JsonNode definition) {

  /** What asks. */
  public enum Source {
    PANEL,
    VARIABLE,
    ANNOTATION,
    ALERT
  }

  /** The variable that makes copies of the panel, empty when there is none. */
  public String repeat() {
    return definition.path("repeat").asText();
  }

  @Override
  public String toString() {
    return dashboard + " " + source + " " + name;
  }
}
