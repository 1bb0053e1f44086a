package dev.telestep.examples.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said about the compose file without Docker. */
class ComposeFileTest {

  private static final Path ROOT = Path.of(System.getProperty("telestep.root", "../.."));
  private static final Path COMPOSE = ROOT.resolve("examples/compose");
  private static final Pattern COMPOSE_VARIABLE = Pattern.compile("(?<!\\$)\\$\\{(\\w+)}");
  private static final Pattern GRAFANA_VARIABLE = Pattern.compile("\\$(TELESTEP_\\w+)");

  @Test
  void environmentFile_setsExactlyTheVariablesOfTheComposeFile() throws IOException {
    Properties defaults = new Properties();
    try (var reader = Files.newBufferedReader(COMPOSE.resolve(".env"))) {
      defaults.load(reader);
    }

    assertThat(defaults.stringPropertyNames())
        .isEqualTo(names(COMPOSE_VARIABLE, Files.readString(COMPOSE.resolve("compose.yaml"))));
  }

  @Test
  void grafana_hasEveryVariableOfTheProvisioning() throws IOException {
    Set<String> wanted = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("grafana-dashboards/provisioning"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        wanted.addAll(names(GRAFANA_VARIABLE, Files.readString(file)));
      }
    }
    Set<String> given = new HashSet<>();
    compose().at("/services/grafana/environment").fieldNames().forEachRemaining(given::add);

    assertThat(wanted).isNotEmpty();
    assertThat(given).containsAll(wanted);
  }

  @Test
  void mounts_existInTheProject() throws IOException {
    Path provisioning = mounted("/services/grafana/volumes/0");
    Path dashboards = mounted("/services/grafana/volumes/1");
    String jar = compose().at("/services/receiver/volumes/0/source").asText();

    assertThat(provisioning.resolve("datasources")).isDirectory();
    assertThat(dashboards.resolve("runs.json")).isRegularFile();
    assertThat(COMPOSE.resolve(jar).normalize())
        .isEqualTo(ROOT.resolve("collector-receiver/target/telestep.jar").normalize());
  }

  private static Path mounted(String pointer) throws IOException {
    String mount = compose().at(pointer).asText();
    return COMPOSE.resolve(mount.substring(0, mount.indexOf(':')));
  }

  private static JsonNode compose() throws IOException {
    return new YAMLMapper().readTree(COMPOSE.resolve("compose.yaml").toFile());
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
