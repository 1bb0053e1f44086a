package dev.telestep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

  @Test
  void defaults_areThese() {
    ServerSettings settings = ServerSettings.from(Map.of());

    assertThat(settings)
        .isEqualTo(
            new ServerSettings(
                "127.0.0.1",
                4317,
                4318,
                Path.of(System.getProperty("user.home"), ".telestep", "data"),
                15432,
                null,
                "telestep",
                "",
                null,
                20 * 1024 * 1024,
                128L * 1024 * 1024));
  }

  @Test
  void readme_hasEverySettingWithItsDefault() throws IOException {
    Matcher rows =
        Pattern.compile("^\\| `(TELESTEP_[A-Z_]+)` \\| (?:`([^`]*)`)? *\\|", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("README.md")));
    Map<String, String> documented = new LinkedHashMap<>();
    while (rows.find()) {
      documented.put(rows.group(1), rows.group(2) == null ? "" : rows.group(2));
    }

    assertThat(documented).isEqualTo(ServerSettings.defaults());
  }

  @Test
  void unknownName_failsAndIsNamed() {
    assertThatThrownBy(() -> ServerSettings.from(Map.of("TELESTEP_GRPC_PROT", "1")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("TELESTEP_GRPC_PROT is no setting")
        .hasMessageContaining("TELESTEP_GRPC_PORT");
  }

  @Test
  void namesOfOtherParts_areLeftAlone() {
    assertThat(ServerSettings.from(Map.of("TELESTEP_RUN_ID", "r1", "PATH", "/bin")))
        .isEqualTo(ServerSettings.from(Map.of()));
  }

  @Test
  void unusableValue_isNamedWithWhatWasExpected() {
    assertThatThrownBy(() -> ServerSettings.from(Map.of("TELESTEP_HTTP_PORT", "http")))
        .hasMessage("TELESTEP_HTTP_PORT must be a whole number: http");
    assertThatThrownBy(() -> ServerSettings.from(Map.of("TELESTEP_HTTP_PORT", "70000")))
        .hasMessage("TELESTEP_HTTP_PORT must be from 0 to 65535: 70000");
    assertThatThrownBy(() -> ServerSettings.from(Map.of("TELESTEP_DATABASE_URL", "db:5432")))
        .hasMessageStartingWith("TELESTEP_DATABASE_URL must look like jdbc:postgresql://");
    assertThatThrownBy(() -> ServerSettings.from(Map.of("TELESTEP_MAX_IN_FLIGHT_BYTES", "4096")))
        .hasMessageStartingWith("TELESTEP_MAX_IN_FLIGHT_BYTES must be at least twice");
  }
}
