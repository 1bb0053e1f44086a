package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a query must keep to, whatever a viewer types into a variable. */
final class SqlLint {

  private static final Set<String> MACROS =
      Set.of(
          "__timeFilter",
          "__timeFrom",
          "__timeTo",
          "__timeGroup",
          "__unixEpochNanoFilter",
          "__interval",
          "__interval_ms");

  private static final Pattern DOLLAR =
      Pattern.compile("\\$(?:\\{([^}]*)\\}|(\\w+)(\\([^)]*\\))?)");

  private static final Pattern QUALIFIED = Pattern.compile("\\b(telestep\\w*)\\.(\\w+)");

  /** One row, buckets, or an explicit limit: no query may answer with all that is stored. */
  private static final List<String> BOUNDS =
      List.of(
          "limit ",
          "telestep.curve(",
          "$__timegroup(",
          "select count(*)",
          "select sum(",
          "from telestep.runs r where r.run_id = ${run:sqlstring}");

  private SqlLint() {}

  static List<String> problems(GrafanaQuery query, JsonNode dashboard) {
    String sql = query.rawSql();
    List<String> problems = new ArrayList<>();
    if (sql.isBlank()) {
      problems.add("no SQL");
    }
    if (sql.contains("[[")) {
      problems.add("[[ is Grafana's old form of a variable");
    }
    Matcher dollar = DOLLAR.matcher(sql);
    while (dollar.find()) {
      if (dollar.group(1) == null) {
        macro(dollar, problems);
      } else {
        variable(dollar, query, dashboard, problems);
      }
    }
    Matcher qualified = QUALIFIED.matcher(sql);
    while (qualified.find()) {
      if (!qualified.group(1).equals("telestep")
          || !ReadSchema.OBJECTS.containsKey(qualified.group(2))) {
        problems.add("not in the schema telestep: " + qualified.group());
      }
    }
    String lower = sql.toLowerCase(Locale.ROOT);
    if (BOUNDS.stream().noneMatch(lower::contains)) {
      problems.add("the answer has no bound: expected one of " + BOUNDS);
    }
    return problems.stream().map(p -> query + ": " + p).toList();
  }

  private static void macro(Matcher dollar, List<String> problems) {
    if (!MACROS.contains(dollar.group(2))) {
      problems.add("neither ${name:sqlstring} nor a known macro: " + dollar.group());
    }
    if (dollar.group(3) != null && dollar.group(3).lastIndexOf('(') > 0) {
      problems.add("the argument of a macro cannot hold parentheses: " + dollar.group());
    }
  }

  private static void variable(
      Matcher dollar, GrafanaQuery query, JsonNode dashboard, List<String> problems) {
    String reference = dollar.group(1);
    if (!reference.endsWith(":sqlstring")) {
      problems.add("only the format sqlstring is safe in SQL: ${" + reference + "}");
      return;
    }
    String name = reference.substring(0, reference.length() - ":sqlstring".length());
    JsonNode variable = DashboardLint.variable(dashboard, name);
    if (variable == null) {
      problems.add("unknown variable: " + name);
      return;
    }
    boolean list =
        variable.path("multi").asBoolean()
            && !(query.repeat().equals(name) && query.source() == GrafanaQuery.Source.PANEL);
    String sql = query.rawSql();
    boolean inArray =
        sql.startsWith("ARRAY[", Math.max(0, dollar.start() - "ARRAY[".length()))
            && sql.startsWith("]::text[]", dollar.end());
    if (list && !inArray) {
      problems.add("a list must stand as ARRAY[${" + reference + "}]::text[]");
    }
  }
}
