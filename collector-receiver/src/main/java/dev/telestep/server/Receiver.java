package dev.telestep.server;

import dev.telestep.collector.Collector;
import dev.telestep.postgres.EmbeddedPostgres;
import dev.telestep.postgres.EmbeddedPostgresException;
import dev.telestep.store.postgres.PostgresSettings;
import dev.telestep.store.postgres.PostgresStore;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole receiver: the database (its own, unless it is given one), the store, and the server. */
public final class Receiver implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Receiver.class);

  /** What was opened, the last first. */
  private final Deque<AutoCloseable> opened;

  private final String databaseUrl;
  private final boolean embedded;
  private final @Nullable Path readOnlyPasswordFile;
  private final PostgresStore store;
  private final TelestepServer server;

  private Receiver(ServerSettings settings, Deque<AutoCloseable> opened) {
    this.opened = opened;
    PostgresSettings database;
    String url = settings.databaseUrl();
    String readOnlyPassword = settings.readonlyPassword();
    if (url == null) {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(settings.dataDirectory(), settings.embeddedPostgresPort());
      opened.push(postgres);
      readOnlyPasswordFile =
          readOnlyPassword == null ? ReadOnlyPassword.file(settings.dataDirectory()) : null;
      if (readOnlyPasswordFile != null) {
        readOnlyPassword = ReadOnlyPassword.readOrMake(readOnlyPasswordFile);
      }
      database = PostgresSettings.of(postgres.jdbcUrl(), postgres.user(), postgres.password());
    } else {
      readOnlyPasswordFile = null;
      database = PostgresSettings.of(url, settings.databaseUser(), settings.databasePassword());
    }
    embedded = url == null;
    databaseUrl = database.jdbcUrl();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    opened.push(registry::close);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    JvmGcMetrics collections = new JvmGcMetrics();
    opened.push(collections);
    collections.bindTo(registry);
    store = PostgresStore.open(database.withReadOnlyPassword(readOnlyPassword), registry);
    opened.push(store);
    Collector collector =
        new Collector(
            store.writer(),
            new Collector.Limits(settings.maxRequestBytes(), settings.maxInFlightBytes()),
            registry,
            InstantSource.system());
    opened.push(collector);
    server = TelestepServer.start(settings, collector, store.reader(), store.health(), registry);
    opened.push(server);
  }

  /**
   * Starts everything. An outside database may be down; the receiver then says so at {@code
   * /health} and recovers by itself.
   *
   * @throws ServerStartException when it cannot start
   */
  public static Receiver start(ServerSettings settings) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new Receiver(settings, opened);
    } catch (EmbeddedPostgresException e) {
      closeAll(opened);
      throw new ServerStartException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  /** Port of OTLP over gRPC. */
  public int grpcPort() {
    return server.grpcPort();
  }

  /** Port of OTLP over HTTP, the API, health and metrics. */
  public int httpPort() {
    return server.httpPort();
  }

  /** JDBC URL of the database in use. */
  public String databaseUrl() {
    return databaseUrl;
  }

  /** Whether the database is the embedded one. */
  public boolean isEmbedded() {
    return embedded;
  }

  /** Where the generated password of {@code telestep_ro} lies; null where none was generated. */
  public @Nullable Path readOnlyPasswordFile() {
    return readOnlyPasswordFile;
  }

  /** Why the store cannot be used now; null when it can. */
  public @Nullable String problem() {
    return store.health().check();
  }

  /**
   * Stops accepting, finishes what is under way, commits what waits, and stops the embedded
   * database.
   */
  @Override
  public void close() {
    closeAll(opened);
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        logger.warn("a part of the receiver did not stop cleanly", e);
      }
    }
  }
}
