package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens a dashboard against a database, without a Grafana: asks for the options of the variables,
 * chooses as Grafana does, asks every query of every panel and copy of a panel, and checks the
 * answers.
 */
public final class DashboardRun {

  private static final String ALL = "$__all";

  private final JsonNode dashboard;
  private final Database database;
  private final Map<String, List<String>> chosen = new LinkedHashMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private DashboardRun(JsonNode dashboard, Database database) {
    this.dashboard = dashboard;
    this.database = database;
  }

  /** Where queries go; should be the role that Grafana uses. */
  @FunctionalInterface
  public interface Database {
    QueryResult query(String sql) throws SQLException;
  }

  /** A query as it was sent, and what came back. */
  public record Answer(GrafanaQuery query, String sql, QueryResult result) {}

  /**
   * What happened.
   *
   * @param answers in the order in which they were asked; queries that failed have none
   * @param problems why Grafana could not show something, a sentence each
   * @param variables what was chosen in the end
   */
  public record Report(
      List<Answer> answers, List<String> problems, GrafanaInterpolation variables) {
    public Report {
      answers = List.copyOf(answers);
      problems = List.copyOf(problems);
    }

    /** The answers to the panel of this title; one per copy of a repeated panel. */
    public List<QueryResult> panel(String title) {
      return answers.stream()
          .filter(a -> a.query().source() == GrafanaQuery.Source.PANEL)
          .filter(a -> a.query().name().equals(title))
          .map(Answer::result)
          .toList();
    }
  }

  /** A run of a dashboard; nothing is asked yet. */
  public static DashboardRun of(JsonNode dashboard, Database database) {
    return new DashboardRun(dashboard, database);
  }

  /** Chooses values for a variable, as its part of the URL does; they need not be options. */
  public DashboardRun choose(String variable, String... values) {
    if (DashboardLint.variable(dashboard, variable) == null) {
      throw new IllegalArgumentException("the dashboard has no variable " + variable);
    }
    chosen.put(variable, List.of(values));
    return this;
  }

  /**
   * Asks everything.
   *
   * @param start the time range and the interval, and variables of no definition, if any
   */
  public Report run(GrafanaInterpolation start) {
    GrafanaInterpolation variables = start;
    for (JsonNode variable : dashboard.at("/templating/list")) {
      variables = variables.with(variable.path("name").asText(), value(variable, variables));
    }
    for (GrafanaQuery query : GrafanaQueries.ofDashboard(dashboard)) {
      if (query.source() != GrafanaQuery.Source.VARIABLE) {
        for (GrafanaInterpolation copy : copies(query, variables)) {
          ask(query, copy);
        }
      }
    }
    return new Report(answers, problems, variables);
  }

  /** A repeated panel over no values is drawn once, with an empty one. */
  private static List<GrafanaInterpolation> copies(
      GrafanaQuery query, GrafanaInterpolation variables) {
    VariableValue repeated = query.repeat().isEmpty() ? null : variables.variable(query.repeat());
    if (repeated == null) {
      return List.of(variables);
    }
    List<String> values = repeated.values().isEmpty() ? List.of("") : repeated.values();
    return values.stream()
        .map(v -> variables.with(query.repeat(), VariableValue.single(v)))
        .toList();
  }

  private VariableValue value(JsonNode variable, GrafanaInterpolation variables) {
    boolean multi = variable.path("multi").asBoolean();
    List<String> values = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    options(variable, variables, values, texts);
    List<String> wanted = chosen.get(variable.path("name").asText());
    List<String> picked = wanted == null ? preferred(variable, values) : wanted;
    if (picked.equals(List.of(ALL))) {
      picked = values;
    }
    List<String> pickedTexts = new ArrayList<>();
    for (String each : picked) {
      pickedTexts.add(values.contains(each) ? texts.get(values.indexOf(each)) : each);
    }
    return multi
        ? new VariableValue(picked, pickedTexts, true)
        : picked.isEmpty()
            ? VariableValue.single("")
            : new VariableValue(picked.subList(0, 1), pickedTexts.subList(0, 1), false);
  }

  private void options(
      JsonNode variable, GrafanaInterpolation variables, List<String> values, List<String> texts) {
    if (variable.path("type").asText().equals("datasource")) {
      values.add("telestep");
      texts.add("telestep");
    }
    for (JsonNode option : variable.path("options")) {
      values.add(option.path("value").asText());
      texts.add(option.path("text").asText());
    }
    for (GrafanaQuery query : GrafanaQueries.ofDashboard(dashboard)) {
      if (query.source() == GrafanaQuery.Source.VARIABLE
          && query.name().equals(variable.path("name").asText())) {
        QueryResult result = ask(query, variables);
        if (result != null) {
          result.values(0).forEach(v -> texts.add(String.valueOf(v)));
          result.values(result.columns().size() - 1).forEach(v -> values.add(String.valueOf(v)));
        }
      }
    }
  }

  /** What the dashboard was saved with where that exists, else all, else the first option. */
  private static List<String> preferred(JsonNode variable, List<String> options) {
    List<String> saved = new ArrayList<>();
    JsonNode current = variable.at("/current/value");
    (current.isArray() ? current : List.of(current)).forEach(v -> saved.add(v.asText()));
    if (saved.equals(List.of(ALL))) {
      return saved;
    }
    List<String> valid = saved.stream().filter(options::contains).toList();
    if (!valid.isEmpty()) {
      return valid;
    }
    if (variable.path("includeAll").asBoolean()) {
      return List.of(ALL);
    }
    return options.isEmpty() ? List.of() : options.subList(0, 1);
  }

  private @Nullable QueryResult ask(GrafanaQuery query, GrafanaInterpolation variables) {
    String sql = "";
    try {
      sql = variables.sql(query.rawSql());
      QueryResult result = database.query(sql);
      answers.add(new Answer(query, sql, result));
      problems.addAll(PanelExpectations.problems(query, result, variables));
      return result;
    } catch (SQLException | IllegalArgumentException e) {
      problems.add(query + ": " + e.getMessage() + "\n" + sql);
      return null;
    }
  }
}
