package dev.telestep.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AgentSettingsTest {

  @Test
  void readme_listsEverySettingWithItsDefault() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `telestep."))
            .map(line -> line.split("`", -1)[1] + "=" + line.split("`", -1)[3])
            .collect(Collectors.toList());
    assertThat(documented)
        .containsExactlyElementsOf(
            AgentSettings.all().stream()
                .map(setting -> setting.name + "=" + setting.defaultValue)
                .collect(Collectors.toList()));
  }

  @Test
  void defaults_areWhatTheTableSays() {
    AgentSettings settings = settings(Map.of());
    assertThat(settings.enabled).isTrue();
    assertThat(settings.journalDirectory)
        .isEqualTo(Path.of(System.getProperty("user.home"), ".telestep", "journal"));
    assertThat(settings.journalMaxBytes).isEqualTo(1L << 30);
    assertThat(settings.exportInterval).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.heartbeatInterval).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.shutdownTimeout).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.stdoutEnabled).isTrue();
  }

  @Test
  void wrongValues_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Map.of("telestep.journal.max.bytes", "7")))
        .withMessage("telestep.journal.max.bytes must be at least 262144: 7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Map.of("telestep.export.interval", "0ms")))
        .withMessageContaining("telestep.export.interval must be positive");
  }

  static AgentSettings settings(Map<String, String> values) {
    return new AgentSettings(DefaultConfigProperties.createFromMap(values));
  }
}
