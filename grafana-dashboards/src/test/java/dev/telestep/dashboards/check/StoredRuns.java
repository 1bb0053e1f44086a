package dev.telestep.dashboards.check;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import dev.telestep.model.WriteRequest;
import dev.telestep.postgres.EmbeddedPostgres;
import dev.telestep.store.RunReader;
import dev.telestep.store.postgres.PostgresSettings;
import dev.telestep.store.postgres.PostgresStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A real store, and a connection to it as Grafana's role. The runs are of every kind that changes
 * what a dashboard shows: finished, running, resumed after a failure, without a value that can be
 * drawn, with names that SQL, URLs and regular expressions could take apart.
 */
final class StoredRuns implements AutoCloseable {

  static final String FINISHED = "run-finished";
  static final String RUNNING = "run-running";
  static final String RESUMED = "run-resumed";
  static final String ODD = "it's & \"odd\"/#\\ä?";

  /** Steps of each run but the odd one. */
  static final int STEPS = 2_000;

  private static final String PASSWORD = "only-for-this-test";
  private static final long SECOND = 1_000_000_000L;

  /** Long enough that the running run is not taken for unreachable during a slow test. */
  private static final long SILENCE_MILLIS = 86_400_000;

  /** When the runs start; the finished one takes a second per step. */
  final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(STEPS + 600);

  private final EmbeddedPostgres server;
  private final PostgresStore store;
  private final Connection reader;

  private StoredRuns(EmbeddedPostgres server, PostgresStore store, Connection reader) {
    this.server = server;
    this.store = store;
    this.reader = reader;
  }

  /** An empty store. */
  static StoredRuns open(Path directory) throws SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0);
    PostgresStore store =
        PostgresStore.open(
            PostgresSettings.of(server.jdbcUrl(), server.user(), server.password())
                .withReadOnlyPassword(PASSWORD));
    store.reader().runs(new RunReader.Filter(null, null, 1));
    return new StoredRuns(
        server, store, DriverManager.getConnection(server.jdbcUrl(), "telestep_ro", PASSWORD));
  }

  /** Asks as the role of the dashboards. */
  QueryResult query(String sql) throws SQLException {
    try (Statement statement = reader.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      return QueryResult.read(results);
    }
  }

  /** Writes all runs and waits until they are stored. */
  void write() {
    long start = nanos(started);
    write(FINISHED, "1", finished(start));
    write(RUNNING, "1", running(start));
    write(RESUMED, "1", firstAttempt(start));
    write(RESUMED, "2", secondAttempt(start + STEPS / 2 * SECOND));
    write(ODD, "", odd(start));
  }

  private void write(String run, String attempt, List<RunRecord> records) {
    store
        .writer()
        .write(
            new WriteRequest(
                UUID.randomUUID(),
                nanos(Instant.now()),
                List.of(new RunWrite(run, attempt, records))))
        .join();
  }

  private static List<RunRecord> finished(long start) {
    List<RunRecord> records = new ArrayList<>();
    records.add(new RunRecord.Start(start, 10_000));
    records.add(info("baseline", "vision", "sweep-1", List.of("a", "tag \"b\""), start));
    parameters(
        records,
        start,
        Map.of("lr", "0.001", "optimizer", "adam", "version", "1.10", "batch_size", "32"));
    records.add(
        numbers("loss", start, 0, STEPS, s -> s % 500 == 7 ? Double.NaN : Math.exp(-s / 400.0)));
    records.add(numbers("val/accuracy", start, 0, STEPS, s -> 1 - Math.exp(-s / 400.0)));
    records.add(numbers("optim/lr", start, 0, STEPS, s -> 0.001 * (1 - s / (double) STEPS)));
    records.add(numbers("perf/step_time_ms", start, 0, STEPS, s -> 100 + s % 7));
    records.add(numbers("epoch", start, 0, STEPS, s -> Math.floor(s / 200.0)));
    records.add(numbers("huge", start, 0, STEPS, s -> s % 2 == 0 ? 1.7e308 : -1.7e308));
    records.add(numbers("diverged", start, 0, 20, s -> Double.NaN));
    records.add(
        new RunRecord.Text(SeriesKey.metric("sample"), 10, start + 10 * SECOND, "first\nsecond"));
    for (int line = 0; line < 1_500; line++) {
      int severity = List.of(1, 5, 9, 13, 17, 21, 0).get(line % 7);
      records.add(new RunRecord.LogLine(start + line * SECOND, severity, "stdout", "line " + line));
    }
    for (int gpu = 0; gpu < 2; gpu++) {
      hardware(records, "hw.gpu.utilization", Map.of("gpu", "" + gpu, "host.name", "one"), start);
      hardware(records, "hw.gpu.memory.usage", Map.of("gpu", "" + gpu, "host.name", "one"), start);
    }
    hardware(records, "system.cpu.utilization", Map.of("host.name", "one"), start);
    hardware(records, "jvm.memory.used", Map.of("jvm.memory.pool.name", "Old"), start);
    records.add(new RunRecord.Progress("epoch", 10, start + STEPS * SECOND));
    records.add(new RunRecord.Progress("overall_epochs", 10, start));
    records.add(new RunRecord.RowsLogged(STEPS + 3, start + STEPS * SECOND));
    records.add(new RunRecord.End(start + STEPS * SECOND, "finished", null, null, null));
    return records;
  }

  private static List<RunRecord> running(long start) {
    List<RunRecord> records = new ArrayList<>();
    records.add(new RunRecord.Start(start, SILENCE_MILLIS));
    records.add(info("faster · 2", "vision", "sweep-1", List.of(), start));
    parameters(records, start, Map.of("lr", "0.01", "optimizer", "adam", "note", "it's"));
    records.add(numbers("loss", start, 0, STEPS, s -> Math.exp(-s / 200.0)));
    records.add(numbers("val/accuracy", start, 0, STEPS, s -> 1 - Math.exp(-s / 200.0)));
    records.add(new RunRecord.Progress("overall_steps", 2.0 * STEPS, start));

    return records;
  }

  private static List<RunRecord> firstAttempt(long start) {
    List<RunRecord> records = new ArrayList<>();
    records.add(new RunRecord.Start(start, 10_000));
    records.add(info("resumed", "language", null, List.of(), start));
    parameters(records, start, Map.of("lr", "1e-4", "optimizer", "sgd"));
    records.add(numbers("loss", start, 0, STEPS / 2, s -> 2));
    records.add(
        new RunRecord.End(
            start + STEPS / 2 * SECOND, "failed", "java.lang.OutOfMemoryError", "heap", null));
    return records;
  }

  private static List<RunRecord> secondAttempt(long start) {
    List<RunRecord> records = new ArrayList<>();
    records.add(new RunRecord.Start(start, 10_000));
    records.add(numbers("loss", start, STEPS / 4, STEPS, s -> 1));
    records.add(new RunRecord.End(start + STEPS * SECOND, "finished", null, null, null));
    return records;
  }

  private static List<RunRecord> odd(long start) {
    List<RunRecord> records = new ArrayList<>();
    records.add(info("odd '); DROP TABLE x; --", "p'q", "", List.of("${run}"), start));
    parameters(records, start, Map.of("a \"quoted\" 'key'", "\\", "empty", ""));
    records.add(numbers("l'oss$__timeFrom", start, 0, 5, s -> s));
    return records;
  }

  private static RunRecord info(
      String name, String project, @Nullable String group, List<String> tags, long time) {
    return new RunRecord.Info(name, project, group, tags, Map.of("host.name", "one"), time);
  }

  private static void parameters(
      List<RunRecord> records, long time, Map<String, String> parameters) {
    parameters.forEach((name, value) -> records.add(new RunRecord.Parameter(name, value, time)));
  }

  private static void hardware(
      List<RunRecord> records, String name, Map<String, String> attributes, long start) {
    long[] steps = new long[STEPS / 10];
    Arrays.fill(steps, RunRecord.NO_STEP);
    long[] times = new long[steps.length];
    double[] values = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      times[i] = start + i * 10L * SECOND;
      values[i] = i % 10 / 10.0;
    }
    SeriesKey series = new SeriesKey(name, new TreeMap<>(attributes), SeriesKey.Kind.RESOURCE);
    records.add(new RunRecord.Numbers(series, steps, times, values));
  }

  private static RunRecord numbers(
      String key, long start, int from, int to, LongToDoubleFunction value) {
    long[] steps = new long[to - from];
    long[] times = new long[steps.length];
    double[] values = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (long) from + i;
      times[i] = start + i * SECOND;
      values[i] = value.applyAsDouble(steps[i]);
    }
    return new RunRecord.Numbers(SeriesKey.metric(key), steps, times, values);
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * SECOND + instant.getNano();
  }

  @Override
  public void close() throws SQLException {
    reader.close();
    store.close();
    server.close();
  }
}
