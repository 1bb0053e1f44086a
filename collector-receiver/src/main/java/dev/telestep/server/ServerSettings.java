package dev.telestep.server;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set about the receiver, by environment variables.
 *
 * @param bind address to listen on
 * @param grpcPort port for OTLP over gRPC; 0 takes a free one
 * @param httpPort port for OTLP over HTTP, the API, health and metrics; 0 takes a free one
 * @param dataDirectory where the embedded PostgreSQL keeps its data
 * @param embeddedPostgresPort port of the embedded PostgreSQL; 0 takes a free one
 * @param databaseUrl JDBC URL of an outside PostgreSQL; null starts the embedded one
 * @param databaseUser its user, who owns the schema
 * @param databasePassword the user's password
 * @param readonlyPassword password of the read-only role {@code telestep_ro}; null leaves it as is
 * @param maxRequestBytes size of one request after decompression
 * @param maxInFlightBytes size of all requests that are under way
 */
public record ServerSettings(
    String bind,
    int grpcPort,
    int httpPort,
    Path dataDirectory,
    int embeddedPostgresPort,
    @Nullable String databaseUrl,
    String databaseUser,
    String databasePassword,
    @Nullable String readonlyPassword,
    int maxRequestBytes,
    long maxInFlightBytes) {

  static final String BIND = "TELESTEP_BIND";
  static final String GRPC_PORT = "TELESTEP_GRPC_PORT";
  static final String HTTP_PORT = "TELESTEP_HTTP_PORT";
  static final String DATA_DIR = "TELESTEP_DATA_DIR";
  static final String EMBEDDED_POSTGRES_PORT = "TELESTEP_EMBEDDED_POSTGRES_PORT";
  static final String DATABASE_URL = "TELESTEP_DATABASE_URL";
  static final String DATABASE_USER = "TELESTEP_DATABASE_USER";
  static final String DATABASE_PASSWORD = "TELESTEP_DATABASE_PASSWORD";
  static final String READONLY_PASSWORD = "TELESTEP_READONLY_PASSWORD";
  static final String MAX_REQUEST_BYTES = "TELESTEP_MAX_REQUEST_BYTES";
  static final String MAX_IN_FLIGHT_BYTES = "TELESTEP_MAX_IN_FLIGHT_BYTES";

  private static final String PREFIX = "TELESTEP_";

  /** Names that other parts of Telestep read, so that one environment can serve them all. */
  private static final Set<String> NAMES_OF_OTHERS =
      Set.of(
          "TELESTEP_URL",
          "TELESTEP_LOG_LEVEL",
          "TELESTEP_RUN_ID",
          "TELESTEP_RUN_NAME",
          "TELESTEP_PROJECT",
          "TELESTEP_GROUP",
          "TELESTEP_ATTEMPT",
          "TELESTEP_RANK",
          "TELESTEP_JOURNAL_DIRECTORY",
          "TELESTEP_JOURNAL_MAX_BYTES",
          "TELESTEP_HEARTBEAT_INTERVAL",
          "TELESTEP_EXPORT_INTERVAL",
          "TELESTEP_SHUTDOWN_TIMEOUT",
          "TELESTEP_STDOUT_ENABLED",
          "TELESTEP_PG_ADDR",
          "TELESTEP_PG_DATABASE",
          "TELESTEP_PG_USER",
          "TELESTEP_PG_PASSWORD",
          "TELESTEP_PG_SSLMODE",
          "TELESTEP_DASHBOARDS");

  public ServerSettings {
    if (maxInFlightBytes < 2L * maxRequestBytes) {
      throw new SettingsException(
          MAX_IN_FLIGHT_BYTES
              + " must be at least twice "
              + MAX_REQUEST_BYTES
              + " ("
              + maxRequestBytes
              + "): "
              + maxInFlightBytes);
    }
  }

  /** Names and defaults, as text; an empty default means unset. */
  public static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put(BIND, "127.0.0.1");
    defaults.put(GRPC_PORT, "4317");
    defaults.put(HTTP_PORT, "4318");
    defaults.put(DATA_DIR, "~/.telestep/data");
    defaults.put(EMBEDDED_POSTGRES_PORT, "15432");
    defaults.put(DATABASE_URL, "");
    defaults.put(DATABASE_USER, "telestep");
    defaults.put(DATABASE_PASSWORD, "");
    defaults.put(READONLY_PASSWORD, "");
    defaults.put(MAX_REQUEST_BYTES, "20971520");
    defaults.put(MAX_IN_FLIGHT_BYTES, "134217728");
    return defaults;
  }

  /**
   * Reads the settings.
   *
   * @throws SettingsException for a value that cannot be used, or a name that begins with {@code
   *     TELESTEP_} and is none
   */
  public static ServerSettings from(Map<String, String> environment) {
    Map<String, String> defaults = defaults();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX)
          && !defaults.containsKey(name)
          && !NAMES_OF_OTHERS.contains(name)) {
        throw new SettingsException(
            name + " is no setting of Telestep; the receiver's are " + defaults.keySet());
      }
    }
    Function<String, String> read =
        name -> {
          String value = environment.get(name);
          return value == null || value.isBlank() ? defaults.getOrDefault(name, "") : value.strip();
        };
    return new ServerSettings(
        read.apply(BIND),
        (int) number(GRPC_PORT, read, 0, 65535),
        (int) number(HTTP_PORT, read, 0, 65535),
        directory(read.apply(DATA_DIR)),
        (int) number(EMBEDDED_POSTGRES_PORT, read, 0, 65535),
        databaseUrl(read.apply(DATABASE_URL)),
        read.apply(DATABASE_USER),
        read.apply(DATABASE_PASSWORD),
        emptyToNull(read.apply(READONLY_PASSWORD)),
        (int) number(MAX_REQUEST_BYTES, read, 1024, 1 << 30),
        number(MAX_IN_FLIGHT_BYTES, read, 1024, Long.MAX_VALUE));
  }

  private static long number(String name, Function<String, String> read, long min, long max) {
    String value = read.apply(name);
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new SettingsException(name + " must be a whole number: " + value, e);
    }
    throw new SettingsException(name + " must be from " + min + " to " + max + ": " + value);
  }

  private static Path directory(String value) {
    return value.equals("~") || value.startsWith("~/")
        ? Path.of(System.getProperty("user.home", "."), value.substring(1))
        : Path.of(value);
  }

  private static @Nullable String databaseUrl(String value) {
    if (!value.isEmpty() && !value.startsWith("jdbc:postgresql:")) {
      throw new SettingsException(
          DATABASE_URL + " must look like jdbc:postgresql://host:5432/database: " + value);
    }
    return emptyToNull(value);
  }

  private static @Nullable String emptyToNull(String value) {
    return value.isEmpty() ? null : value;
  }
}
