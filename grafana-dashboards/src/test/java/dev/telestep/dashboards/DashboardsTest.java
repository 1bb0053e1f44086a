package dev.telestep.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telestep.dashboards.check.DashboardLint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardsTest {

  private static final Path COMMITTED = Path.of("dashboards");

  @Test
  void files_areTheCommittedOnes() throws IOException {
    for (Map.Entry<String, String> file : Dashboards.files().entrySet()) {
      String committed = Files.readString(COMMITTED.resolve(file.getKey()));
      assertThat(committed.equals(file.getValue()))
          .as(
              "dashboards/%s is what the code makes; else write it anew and look at the diff:"
                  + " ./mvnw -q -pl grafana-dashboards compile exec:java",
              file.getKey())
          .isTrue();
    }
    try (Stream<Path> committed = Files.list(COMMITTED)) {
      assertThat(committed.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Dashboards.files().keySet());
    }
  }

  @Test
  void main_writesTheFiles(@TempDir Path directory) throws IOException {
    Dashboards.main(new String[] {directory.resolve("new").toString()});

    for (Map.Entry<String, String> file : Dashboards.files().entrySet()) {
      assertThat(directory.resolve("new").resolve(file.getKey())).hasContent(file.getValue());
    }
  }

  @Test
  void main_withoutDirectory_saysWhatIsExpected() {
    assertThatThrownBy(() -> Dashboards.main(new String[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one argument, the directory for the dashboards, got 0");
  }

  @Test
  void jar_holdsDashboardsAndProvisioning() throws IOException {
    for (String name :
        List.of(
            "dashboards/runs.json",
            "dashboards/run.json",
            "dashboards/compare.json",
            "provisioning/datasources/telestep.yaml",
            "provisioning/dashboards/telestep.yaml",
            "provisioning/alerting/telestep.yaml")) {
      try (var resource = Dashboards.class.getResourceAsStream("/telestep/grafana/" + name)) {
        assertThat(resource).as(name).isNotNull();
        assertThat(Objects.requireNonNull(resource).readAllBytes())
            .isEqualTo(Files.readAllBytes(Path.of(name)));
      }
    }
  }

  @Test
  void dashboards_haveTheShapeThatGrafanaNeeds() throws IOException {
    List<JsonNode> dashboards = new ArrayList<>();
    for (String text : Dashboards.files().values()) {
      dashboards.add(new ObjectMapper().readTree(text));
    }

    assertThat(DashboardLint.problems(dashboards)).isEmpty();
  }
}
