package dev.telestep.agent;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set of the extension; read from the SDK's own configuration. */
final class AgentSettings {

  static final String RUN_ID = "telestep.run.id";
  static final String RUN_NAME = "telestep.run.name";
  static final String PROJECT = "telestep.project";

  private static final List<Setting> ALL = new ArrayList<>();
  private static final Setting ENABLED = setting("telestep.enabled", "true");
  private static final Setting DIRECTORY =
      setting("telestep.journal.directory", "${user.home}/.telestep/journal");
  private static final Setting MAX_BYTES = setting("telestep.journal.max.bytes", "1073741824");
  private static final Setting EXPORT = setting("telestep.export.interval", "500ms");
  private static final Setting HEARTBEAT = setting("telestep.heartbeat.interval", "10s");
  private static final Setting SHUTDOWN = setting("telestep.shutdown.timeout", "10s");
  private static final Setting STDOUT = setting("telestep.stdout.enabled", "true");

  private static final long MIN_JOURNAL_BYTES = 256 << 10;

  final boolean enabled;
  final Path journalDirectory;
  final long journalMaxBytes;
  final Duration exportInterval;
  final Duration heartbeatInterval;
  final Duration shutdownTimeout;
  final boolean stdoutEnabled;
  final @Nullable String runId;
  final @Nullable String runName;
  final @Nullable String project;

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException when one cannot be used, naming it
   */
  AgentSettings(ConfigProperties config) {
    enabled = config.getBoolean(ENABLED.name, true);
    String home = System.getProperty("user.home", ".");
    journalDirectory =
        Path.of(
            config.getString(DIRECTORY.name, DIRECTORY.defaultValue).replace("${user.home}", home));
    journalMaxBytes = config.getLong(MAX_BYTES.name, Long.parseLong(MAX_BYTES.defaultValue));
    if (journalMaxBytes < MIN_JOURNAL_BYTES) {
      throw new IllegalArgumentException(
          MAX_BYTES.name + " must be at least " + MIN_JOURNAL_BYTES + ": " + journalMaxBytes);
    }
    exportInterval = positive(config, EXPORT, Duration.ofMillis(500));
    heartbeatInterval = positive(config, HEARTBEAT, Duration.ofSeconds(10));
    shutdownTimeout = positive(config, SHUTDOWN, Duration.ofSeconds(10));
    stdoutEnabled = config.getBoolean(STDOUT.name, true);
    runId = config.getString(RUN_ID);
    runName = config.getString(RUN_NAME);
    project = config.getString(PROJECT);
  }

  /** Every setting of the extension with its default. */
  static List<Setting> all() {
    return List.copyOf(ALL);
  }

  private static Duration positive(ConfigProperties config, Setting setting, Duration otherwise) {
    Duration duration = config.getDuration(setting.name, otherwise);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(setting.name + " must be positive: " + duration);
    }
    return duration;
  }

  private static Setting setting(String name, String defaultValue) {
    Setting setting = new Setting(name, defaultValue);
    ALL.add(setting);
    return setting;
  }

  /** A name and what holds when it is absent. */
  static final class Setting {
    final String name;
    final String defaultValue;

    Setting(String name, String defaultValue) {
      this.name = name;
      this.defaultValue = defaultValue;
    }
  }
}
