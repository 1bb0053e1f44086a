package dev.telestep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The receiver is absent, killed, stopped and started again, and the training JVM is killed. */
class OutageIT {

  private static final int THREADS = 2;

  @Test
  void everyRowWhoseLogCallReturned_isStoredOnce() throws Exception {
    Path directory = Fixture.workDirectory("outage-training");
    Path truthFile = directory.resolve("truth.bin");
    try (Receiver receiver = new Receiver("outage");
        Training training =
            Training.start(
                directory,
                receiver.grpcEndpoint(),
                truthFile.toString(),
                "1",
                Integer.toString(THREADS),
                "2000000",
                "2000",
                "finish")) {
      awaitRows(truthFile, 3_000);
      receiver.start();
      await().atMost(Duration.ofMinutes(1)).until(() -> storedPoints(receiver) > 0);

      receiver.kill();
      awaitMoreRows(truthFile, 3_000);
      receiver.start();
      long afterKill = storedPoints(receiver);
      await().atMost(Duration.ofMinutes(1)).until(() -> storedPoints(receiver) > afterKill);

      receiver.stop();
      awaitMoreRows(truthFile, 3_000);
      assertThat(training.isAlive()).as("training goes on without its receiver").isTrue();
      training.kill();
      receiver.start();

      List<Truth> truth = Truth.read(truthFile);
      Path next = directory.resolve("next.bin");
      try (Training nextTraining =
          Training.start(
              directory, receiver.grpcEndpoint(), next.toString(), "1", "1", "10", "0", "finish")) {
        assertThat(nextTraining.waitFor(Duration.ofMinutes(2))).as(nextTraining.output()).isZero();
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(statuses(receiver)).contains("failed", "finished"));
      compare(receiver, truth);
    }
  }

  private static void compare(Receiver receiver, List<Truth> truth) throws SQLException {
    Map<String, Long> stored = new HashMap<>();
    long rows = 0;
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT p.key, p.step, p.value FROM telestep.points p"
                    + " JOIN telestep.runs r USING (run_id)"
                    + " WHERE r.status = 'failed' AND p.key LIKE 'thread%'");
        ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        Long before =
            stored.put(
                found.getString(1) + '@' + found.getLong(2),
                Double.doubleToRawLongBits(found.getDouble(3)));
        assertThat(before).as("stored once").isNull();
        rows++;
      }
    }
    for (Truth row : truth) {
      for (int k = 0; k < row.bits().size(); k++) {
        String point = Workload.key(row.thread(), k) + '@' + row.step();
        assertThat(stored).as(point).containsEntry(point, row.bits().get(k));
      }
    }
    // A call that had not returned when the process was killed may have reached the journal.
    assertThat(rows).isBetween(truth.size() * 5L, (truth.size() + THREADS) * 5L);
  }

  private static long storedPoints(Receiver receiver) throws SQLException {
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT coalesce(sum(n), 0) FROM telestep.run_metrics");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<String> statuses(Receiver receiver) throws SQLException {
    try (Connection connection = receiver.readOnlyConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT string_agg(status, ',' ORDER BY status) FROM telestep.runs");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return List.of(row.getString(1).split(",", -1));
    }
  }

  private static void awaitMoreRows(Path truthFile, long more) throws Exception {
    awaitRows(truthFile, Files.size(truthFile) / Workload.RECORD + more);
  }

  private static void awaitRows(Path truthFile, long rows) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.exists(truthFile) && Files.size(truthFile) / Workload.RECORD >= rows);
  }
}
