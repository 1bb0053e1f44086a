package dev.telestep.dashboards.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telestep.dashboards.Dashboards;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Takes the right dashboards, breaks one thing, and expects to hear about it. */
class DashboardLintTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "\"schemaVersion\":41 ! \"schemaVersion\":36 ! schemaVersion must be 41",
        "\"id\":2,\"type\":\"stat\" ! \"id\":1,\"type\":\"stat\" ! the id is taken",
        "\"type\":\"xychart\" ! \"type\":\"candlestick\" ! not a core panel: candlestick",
        "\"pluginVersion\":\"12.3.0\" ! \"pluginVersion\":\"11.0.0\" ! the options count as the old format",
        "\"gridPos\":{\"x\":4,\"y\":0 ! \"gridPos\":{\"x\":3,\"y\":0 ! overlaps Running",
        "\"gridPos\":{\"x\":16,\"y\":0,\"w\":8 ! \"gridPos\":{\"x\":17,\"y\":0,\"w\":8 ! not on the grid",
        "\"name\":\"goal\" ! \"name\":\"aim\" ! unknown variable goal",
        "/d/telestep-run? ! /d/telestep-rum? ! a link leads to an unknown dashboard",
        "&var-run=${__data ! &var-rum=${__data ! a link sets an unknown variable: var-rum=",
        "&${group:queryparam} ! &${team:queryparam} ! a link carries a variable that its target does not have: team",
        "\"uid\":\"${datasource}\" ! \"uid\":\"telestep\" ! a data source is not the variable",
        "${goal:sqlstring} ! ${goal:singlequote} ! only the format sqlstring is safe in SQL",
        "ARRAY[${metric:sqlstring}] ! (${metric:sqlstring}) ! a list must stand as ARRAY",
        "telestep.spark( ! telestep_store.spark( ! not in the schema telestep: telestep_store.spark",
        "telestep.run_metrics ! telestep.metrics ! not in the schema telestep: telestep.metrics",
        "$__timeFilter(p.time) ! $__timeFilter(date(p.time)) ! the argument of a macro cannot hold parentheses",
        "$__timeFilter(p.time) ! $__timeFiltre(p.time) ! nor a known macro: $__timeFiltre(p.time)",
        "^\u200c/ ! ^\u200d/ ! SQL writes the markers [U+200b, U+200c], overrides match [U+200b, U+200d]",
        "${__data.fields.to_ms} ! ${__data.fields.to_s} ! no column for ${__data.fields.to_s}",
        "\"spanNulls\":true ! \"spanNulls\":false ! curves on a grid need spanNulls",
        "\"noValue\":\"No artifacts\" ! \"value\":\"\" ! says nothing when empty",
        " ORDER BY key LIMIT 1000 ! ORDER BY key ! the answer has no bound"
      })
  void problems_nameWhatIsBroken(String right, String wrong, String problem) {
    assertThat(problems(right, wrong)).anyMatch(p -> p.contains(problem));
  }

  @Test
  void problems_nameUnusedVariables() {
    List<JsonNode> dashboards = dashboards();
    ObjectNode variable = MAPPER.createObjectNode().put("name", "idle").put("type", "textbox");
    variable.putArray("options").add("");
    ((ObjectNode) dashboards.get(0)).withArray("/templating/list").add(variable);

    assertThat(DashboardLint.problems(dashboards))
        .containsExactly("telestep-runs: nothing uses the variable idle");
  }

  @Test
  void problems_nameRepeatedDashboards() {
    List<JsonNode> dashboards = dashboards();
    dashboards.add(dashboards.get(0));

    assertThat(DashboardLint.problems(dashboards))
        .contains("two dashboards have the uid telestep-runs", "telestep-runs: the title is taken");
  }

  @Test
  void queries_areThoseOfVariablesAnnotationsAndPanelsInClosedRows() {
    List<GrafanaQuery> queries = GrafanaQueries.ofDashboard(dashboards().get(1));

    assertThat(queries)
        .extracting(GrafanaQuery::toString)
        .contains(
            "telestep-run VARIABLE metric",
            "telestep-run ANNOTATION Events",
            "telestep-run PANEL $metric",
            "telestep-run PANEL GPU power by step",
            "telestep-run PANEL $metric · wall clock");
    assertThat(queries).allSatisfy(q -> assertThat(q.rawSql()).isNotBlank());
  }

  private static List<String> problems(String right, String wrong) {
    boolean found = false;
    List<JsonNode> broken = new ArrayList<>();
    for (JsonNode dashboard : dashboards()) {
      String text = dashboard.toString();
      found |= text.contains(right);
      broken.add(read(text.replace(right, wrong)));
    }
    assertThat(found).as("the dashboards contain %s", right).isTrue();
    return DashboardLint.problems(broken);
  }

  private static List<JsonNode> dashboards() {
    List<JsonNode> dashboards = new ArrayList<>();
    Dashboards.files().values().forEach(text -> dashboards.add(read(text)));
    return dashboards;
  }

  private static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
