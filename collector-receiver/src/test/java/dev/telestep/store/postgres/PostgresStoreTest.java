package dev.telestep.store.postgres;

import static dev.telestep.store.Writes.point;
import static dev.telestep.store.Writes.request;
import static dev.telestep.store.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.telestep.model.WriteRequest;
import dev.telestep.postgres.OutsideServer;
import dev.telestep.store.RunReader;
import dev.telestep.store.StoreException;
import dev.telestep.store.StoreException.Reason;
import dev.telestep.store.Writes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What happens when the database is away, and when too much comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresStoreTest {

  private OutsideServer server;

  @BeforeAll
  void startServer() throws IOException {
    server = OutsideServer.start("outside-failures");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @Test
  void databaseDownAtOpen_refusesQuicklyAndRecoversByItself() throws Exception {
    PostgresSettings settings = settings();
    server.stop();
    try (PostgresStore store = PostgresStore.open(settings)) {
      List<CompletableFuture<Void>> refused = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        refused.add(store.writer().write(request("run", "a", point("loss", i, i, i))));
      }
      for (CompletableFuture<Void> future : refused) {
        assertThat(reasonOf(future, 10)).isEqualTo(Reason.UNAVAILABLE);
      }
      assertThat(store.health().check()).contains("the database is not available");
      assertThatThrownBy(() -> store.reader().find("run", 2))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));

      server.start();

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(store.health().check()).isNull());
      write(store.writer(), "run", "a", point("loss", 1, 1, 1));
      assertThat(store.reader().metrics("run")).hasSize(1);
    }
  }

  @Test
  void databaseCrashesWhileWriting_whatWasAcknowledgedIsThereOnce() throws Exception {
    try (PostgresStore store = PostgresStore.open(settings())) {
      write(store.writer(), "run", "a", point("loss", 0, 1, 0));
      Map<WriteRequest, CompletableFuture<Void>> writes = new LinkedHashMap<>();
      for (int i = 1; i <= 2_000; i++) {
        WriteRequest request = request("run", "a", point("loss", i, i, i));
        writes.put(request, store.writer().write(request));
        if (i == 500) {
          writes.get(request).get(30, TimeUnit.SECONDS);
        }
        if (i == 1_000) {
          server.crash();
        }
      }
      int refused = 0;
      for (CompletableFuture<Void> write : writes.values()) {
        refused += reasonOf(write, 30) == null ? 0 : 1;
      }
      assertThat(refused).isPositive();

      server.start();

      // The clients send everything again, because none of them knows what was stored.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(store.health().check()).isNull());
      List<CompletableFuture<Void>> again = new ArrayList<>();
      writes.keySet().forEach(request -> again.add(store.writer().write(request)));
      again.forEach(Writes::await);
      RunReader.Metric metric = store.reader().metrics("run").get(0);
      assertThat(metric.count()).isEqualTo(2_001);
      assertThat(metric.mean()).isEqualTo(1_000.0);
      assertThat(store.reader().attempts("run").get(0).rowsStored()).isEqualTo(2_000);
    }
  }

  @Test
  void queueFull_refusesAsBusyAndTakesAgainLater() throws Exception {
    PostgresSettings settings = settings().withQueueLimits(100, 1 << 20);
    try (PostgresStore store = PostgresStore.open(settings)) {
      write(store.writer(), "run", "a", point("loss", 0, 1, 0));
      List<CompletableFuture<Void>> writes = new ArrayList<>();
      try (Connection blocker =
              DriverManager.getConnection(
                  settings.jdbcUrl(), settings.user(), settings.password());
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("SELECT FROM telestep_store.run FOR UPDATE");
        for (int i = 1; i <= 150; i++) {
          writes.add(store.writer().write(request("run", "a", point("loss", i, i, i))));
        }
        assertThat(writes.subList(0, 100)).noneMatch(CompletableFuture::isDone);
        for (CompletableFuture<Void> write : writes.subList(100, 150)) {
          assertThat(reasonOf(write, 1)).isEqualTo(Reason.BUSY);
        }
        blocker.rollback();
      }
      writes.subList(0, 100).forEach(Writes::await);
      write(store.writer(), "run", "a", point("loss", 101, 101, 1));
    }
  }

  @Test
  void metricWithoutALastValue_isAbsentFromTheRun() throws Exception {
    PostgresSettings settings = settings();
    try (PostgresStore store = PostgresStore.open(settings)) {
      write(store.writer(), "run", "a", point("loss", 1, 1, 0.5), point("acc", 1, 1, 0.25));
      try (Connection connection =
              DriverManager.getConnection(
                  settings.jdbcUrl(), settings.user(), settings.password());
          Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "UPDATE telestep_store.series_summary m SET last = NULL FROM telestep_store.series s"
                + " WHERE s.run_id = m.run_id AND s.series = m.series AND s.key = 'loss'");
      }

      RunReader.Run found =
          store.reader().runs(new RunReader.Filter(null, null, 10)).stream()
              .findFirst()
              .orElseThrow();
      assertThat(found.metrics()).isEqualTo(Map.of("acc", 0.25));
    }
  }

  @Test
  void close_storesWhatWaits() throws Exception {
    PostgresSettings settings = settings();
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    PostgresStore store = PostgresStore.open(settings);
    for (int i = 0; i < 500; i++) {
      writes.add(store.writer().write(request("run", "a", point("loss", i, i, i))));
    }
    store.close();

    assertThat(writes).allMatch(w -> w.isDone() && !w.isCompletedExceptionally());
    assertThat(reasonOf(store.writer().write(request("run", "a")), 1))
        .isEqualTo(Reason.UNAVAILABLE);
    try (PostgresStore reopened = PostgresStore.open(settings)) {
      assertThat(reopened.reader().metrics("run").get(0).count()).isEqualTo(500);
    }
  }

  @Test
  void severalReceiversStartAtOnce_oneMigrates() throws Exception {
    PostgresSettings settings = settings();
    List<PostgresStore> stores = new ArrayList<>();
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      PostgresStore store = PostgresStore.open(settings);
      stores.add(store);
      writes.add(store.writer().write(request("run", "a", point("loss", i, i, i))));
    }
    writes.forEach(Writes::await);
    assertThat(stores.get(0).reader().attempts("run").get(0).rowsStored()).isEqualTo(4);
    stores.forEach(PostgresStore::close);
  }

  private PostgresSettings settings() throws SQLException {
    return PostgresSettings.of(server.newDatabase(), server.user(), server.password());
  }

  /** Null when it succeeded. */
  private static @Nullable Reason reasonOf(CompletableFuture<Void> future, long seconds)
      throws Exception {
    try {
      future.get(seconds, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return ((StoreException) Objects.requireNonNull(e.getCause())).reason();
    }
  }
}
