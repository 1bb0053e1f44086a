package dev.telestep.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.telestep.store.RunReader;
import dev.telestep.store.RunWriter;
import dev.telestep.store.StoreHealth;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run store on PostgreSQL: owns the connections, the committer and the refresher.
 *
 * <p>It can be opened while the database is down; whatever is asked of it then fails as
 * unavailable, and it recovers by itself. The schema is brought up to date at the first contact.
 */
public final class PostgresStore implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(PostgresStore.class);

  private static final long CONNECT_MILLIS = 2_000;
  private static final long REFRESH_MILLIS = 500;
  private static final long DRAIN_SECONDS = 30;

  private final HikariDataSource database;
  private final SchemaMigrator migrator;
  private final WriteQueue queue;
  private final RunWriter writer;
  private final RunReader reader;
  private final Thread committer;
  private final ScheduledExecutorService refresher;
  private final Future<?> refreshing;

  private PostgresStore(PostgresSettings settings, MeterRegistry registry) {
    database = pool(settings, registry);
    migrator = new SchemaMigrator(database, settings.readOnlyPassword());
    queue = new WriteQueue(settings.maxQueuedPoints(), settings.maxQueuedBytes());
    StoreMeters meters = new StoreMeters(registry, queue);
    writer = new PostgresRunWriter(queue, meters);
    reader = new PostgresRunReader(database, migrator);
    committer = new Thread(new Committer(queue, database, migrator, meters), "telestep-committer");
    committer.setDaemon(true);
    refresher =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "telestep-refresher");
              thread.setDaemon(true);
              return thread;
            });
    SummaryRefresher task = new SummaryRefresher(database, migrator, meters);
    committer.start();
    refreshing = refresher.scheduleWithFixedDelay(task, 0, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Opens a store that counts for nobody. */
  public static PostgresStore open(PostgresSettings settings) {
    return open(settings, new SimpleMeterRegistry());
  }

  /**
   * Opens a store; its counters ({@code telestep.store.*}, {@code hikaricp.*}) go to a registry.
   */
  public static PostgresStore open(PostgresSettings settings, MeterRegistry registry) {
    return new PostgresStore(settings, registry);
  }

  public RunWriter writer() {
    return writer;
  }

  public RunReader reader() {
    return reader;
  }

  /** Answers within about two seconds. */
  public StoreHealth health() {
    return this::check;
  }

  /** Commits what waits, for half a minute at most, and closes the connections. */
  @Override
  public void close() {
    queue.close();
    refreshing.cancel(true);
    refresher.shutdown();
    try {
      committer.join(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
      if (committer.isAlive()) {
        logger.warn("the database did not take what waits within {} s", DRAIN_SECONDS);
        committer.interrupt();
        committer.join(CONNECT_MILLIS);
      }
      if (!refresher.awaitTermination(CONNECT_MILLIS, TimeUnit.MILLISECONDS)) {
        logger.debug("the refresher is still at work and is cut off");
      }
    } catch (InterruptedException e) {
      committer.interrupt();
      Thread.currentThread().interrupt();
    }
    database.close();
  }

  private @Nullable String check() {
    try {
      migrator.ensure();
      try (Connection connection = database.getConnection()) {
        return connection.isValid(2) ? null : "the database does not answer";
      }
    } catch (SQLException e) {
      return "the database is not available: " + Failures.reason(e);
    }
  }

  private static HikariDataSource pool(PostgresSettings settings, MeterRegistry registry) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("telestep");
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setValidationTimeout(CONNECT_MILLIS / 2);
    config.setInitializationFailTimeout(-1);
    config.setMetricRegistry(registry);
    config.addDataSourceProperty("ApplicationName", "telestep");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", "120");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }
}
