package dev.telestep.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProvisioningTest {

  private static final Path PROVISIONING = Path.of("provisioning");
  private static final String DATA_SOURCE = "telestep";

  @Test
  void dataSource_isThePostgresOneThatDashboardsAndRulesName() throws IOException {
    JsonNode source = yaml("datasources/telestep.yaml").at("/datasources/0");

    assertThat(source.path("uid").asText()).isEqualTo(DATA_SOURCE);
    assertThat(source.path("name").asText()).isEqualTo(DATA_SOURCE);
    assertThat(source.path("type").asText()).isEqualTo(Panels.DATA_SOURCE_TYPE);
    assertThat(source.path("editable").asBoolean(true)).isFalse();
    assertThat(source.at("/jsonData/maxOpenConns").asInt()).isEqualTo(10);
    for (String dashboard : Dashboards.files().values()) {
      JsonNode variable = new ObjectMapper().readTree(dashboard).at("/templating/list/0");
      assertThat(variable.path("name").asText()).isEqualTo("datasource");
      String regex = variable.path("regex").asText();
      assertThat(DATA_SOURCE).matches(regex.substring(1, regex.length() - 1));
    }
  }

  @Test
  void secrets_comeFromTheEnvironment() throws IOException {
    JsonNode source = yaml("datasources/telestep.yaml").at("/datasources/0");

    assertThat(
            List.of(
                source.path("url").asText(),
                source.path("user").asText(),
                source.at("/secureJsonData/password").asText(),
                source.at("/jsonData/database").asText(),
                source.at("/jsonData/sslmode").asText()))
        .allSatisfy(value -> assertThat(value).matches("\\$TELESTEP_PG_[A-Z]+"));
  }

  @Test
  void readme_namesEveryEnvironmentVariable() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (String file : List.of("datasources/telestep.yaml", "dashboards/telestep.yaml")) {
      Pattern.compile("\\$(TELESTEP_\\w+)")
          .matcher(Files.readString(PROVISIONING.resolve(file)))
          .results()
          .forEach(r -> assertThat(readme).contains("`" + r.group(1) + "`"));
    }
  }

  @Test
  void provider_keepsFilesTheOnlySourceAndFixesNoFolderUid() throws IOException {
    JsonNode provider = yaml("dashboards/telestep.yaml").at("/providers/0");

    assertThat(provider.path("allowUiUpdates").asBoolean(true)).isFalse();
    assertThat(provider.path("disableDeletion").asBoolean()).isTrue();
    assertThat(provider.has("folderUid")).isFalse();
    assertThat(provider.at("/options/path").asText()).isEqualTo("$TELESTEP_DASHBOARDS");
  }

  @Test
  void rules_areInTheFolderOfTheDashboards() throws IOException {
    String folder = yaml("dashboards/telestep.yaml").at("/providers/0/folder").asText();

    for (JsonNode group : yaml("alerting/telestep.yaml").path("groups")) {
      assertThat(group.path("folder").asText()).isEqualTo(folder);
    }
  }

  @Test
  void rules_haveOwnUidsAndTitlesAndAskTheDataSource() throws IOException {
    Set<String> uids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode rule : rules()) {
      assertThat(uids.add(rule.path("uid").asText())).isTrue();
      assertThat(titles.add(rule.path("title").asText())).isTrue();
      assertThat(rule.path("noDataState").asText()).isEqualTo("OK");
      Set<String> steps = new HashSet<>();
      for (JsonNode data : rule.path("data")) {
        assertThat(data.path("datasourceUid").asText()).isIn(DATA_SOURCE, "__expr__");
        assertThat(data.at("/model/refId")).isEqualTo(data.path("refId"));
        if (data.path("model").has("expression")) {
          assertThat(steps).contains(data.at("/model/expression").asText());
        }
        steps.add(data.path("refId").asText());
      }
      assertThat(steps).contains(rule.path("condition").asText());
    }
    assertThat(uids).isNotEmpty();
  }

  /** Grafana does not start when only one of the two is there. */
  @Test
  void rules_linkToPanelsThatExist() throws IOException {
    JsonNode run = new ObjectMapper().readTree(Dashboards.files().get("run.json"));
    for (JsonNode rule : rules()) {
      JsonNode annotations = rule.path("annotations");
      assertThat(annotations.path("__dashboardUid__")).isEqualTo(run.path("uid"));
      assertThat(annotations.path("__panelId__").isTextual()).isTrue();
      assertThat(annotations.path("__panelId__").asInt()).isEqualTo(RunMetrics.PANEL_ID);
      assertThat(run.path("panels")).anyMatch(p -> p.path("id").asInt() == RunMetrics.PANEL_ID);
      assertThat(annotations.path("summary").asText()).contains("$labels").doesNotContain("$$");
    }
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : yaml("alerting/telestep.yaml").path("groups")) {
      group.path("rules").forEach(rules::add);
    }
    return rules;
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(PROVISIONING.resolve(file).toFile());
  }
}
