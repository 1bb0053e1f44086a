package dev.telestep.store.postgres;

import dev.telestep.model.RunRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A row of {@code attempt}. */
final class AttemptRow {

  /** Attempts in the order of their start; their names decide between equal starts. */
  static final Comparator<AttemptRow> BY_START =
      Comparator.comparingLong(AttemptRow::startNanos).thenComparing(a -> a.attempt);

  private static final long MAX_HEARTBEAT_MILLIS = 24 * 3600 * 1000L;

  private static final String UPSERT =
      """
      INSERT INTO telestep_store.attempt (run_id, no, attempt, first_ns, started_ns, restarted_ns,
        heartbeat_ms, heard_ns, ended_ns, status, error_type, error_message, error_stack,
        rows_logged, rows_logged_ns, resource, resource_ns)
      SELECT u.run_id, u.no, u.attempt, u.first_ns, u.started_ns, u.restarted_ns, u.heartbeat_ms,
        u.heard_ns, u.ended_ns, u.status, u.error_type, u.error_message, u.error_stack,
        u.rows_logged, u.rows_logged_ns, u.resource::jsonb, u.resource_ns
      FROM unnest(?::text[], ?::int2[], ?::text[], ?::int8[], ?::int8[], ?::int8[], ?::int8[],
        ?::int8[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[],
        ?::text[], ?::int8[])
        AS u(run_id, no, attempt, first_ns, started_ns, restarted_ns, heartbeat_ms, heard_ns,
          ended_ns, status, error_type, error_message, error_stack, rows_logged, rows_logged_ns,
          resource, resource_ns)
      ON CONFLICT (run_id, no) DO UPDATE SET
        first_ns = EXCLUDED.first_ns, started_ns = EXCLUDED.started_ns,
        restarted_ns = EXCLUDED.restarted_ns, heartbeat_ms = EXCLUDED.heartbeat_ms,
        heard_ns = EXCLUDED.heard_ns, ended_ns = EXCLUDED.ended_ns, status = EXCLUDED.status,
        error_type = EXCLUDED.error_type, error_message = EXCLUDED.error_message,
        error_stack = EXCLUDED.error_stack, rows_logged = EXCLUDED.rows_logged,
        rows_logged_ns = EXCLUDED.rows_logged_ns, resource = EXCLUDED.resource,
        resource_ns = EXCLUDED.resource_ns
      """;

  final String runId;
  final int no;
  final String attempt;
  private long firstNanos;
  private @Nullable Long startedNanos;
  private final Timed<Long> heartbeat;
  private long heardNanos;
  private final Timed<RunRecord.End> end;
  private final Timed<Long> rowsLogged;
  private Map<String, String> resource;
  private @Nullable Long resourceNanos;

  /** A new attempt. */
  AttemptRow(String runId, int no, String attempt) {
    this.runId = runId;
    this.no = no;
    this.attempt = attempt;
    firstNanos = Long.MAX_VALUE;
    heartbeat = new Timed<>(null, null);
    end = new Timed<>(null, null);
    rowsLogged = new Timed<>(null, null);
    resource = new TreeMap<>();
  }

  AttemptRow(ResultSet row) throws SQLException {
    runId = Columns.text(row, "run_id");
    no = row.getInt("no");
    attempt = Columns.text(row, "attempt");
    firstNanos = row.getLong("first_ns");
    startedNanos = Columns.longOrNull(row, "started_ns");
    heartbeat =
        new Timed<>(
            Columns.longOrNull(row, "heartbeat_ms"), Columns.longOrNull(row, "restarted_ns"));
    heardNanos = row.getLong("heard_ns");
    Long endedNanos = Columns.longOrNull(row, "ended_ns");
    end =
        new Timed<>(
            endedNanos == null
                ? null
                : new RunRecord.End(
                    endedNanos,
                    Columns.text(row, "status"),
                    row.getString("error_type"),
                    row.getString("error_message"),
                    row.getString("error_stack")),
            endedNanos);
    rowsLogged =
        new Timed<>(
            Columns.longOrNull(row, "rows_logged"), Columns.longOrNull(row, "rows_logged_ns"));
    resource = Json.map(Columns.text(row, "resource"));
    resourceNanos = Columns.longOrNull(row, "resource_ns");
  }

  long startNanos() {
    return startedNanos == null ? firstNanos : startedNanos;
  }

  /** A receiver got something of this attempt. */
  void heard(long receivedNanos) {
    heardNanos = Math.max(heardNanos, receivedNanos);
  }

  /** The attempt says something about that time. */
  void saw(long time) {
    firstNanos = Math.min(firstNanos, time);
  }

  /** An attempt of which nothing but its name is known begins when it is first heard of. */
  void settle() {
    if (firstNanos == Long.MAX_VALUE) {
      firstNanos = heardNanos;
    }
  }

  void start(RunRecord.Start start) {
    startedNanos = startedNanos == null ? start.time() : Math.min(startedNanos, start.time());
    heartbeat.offer(
        Math.max(0, Math.min(start.heartbeatMillis(), MAX_HEARTBEAT_MILLIS)), start.time());
  }

  void end(RunRecord.End newEnd) {
    end.offer(newEnd, newEnd.time());
  }

  void rowsLogged(RunRecord.RowsLogged rows) {
    rowsLogged.offer(rows.rows(), rows.time());
  }

  /** Of two values of one attribute the newer one stays. */
  void resource(Map<String, String> attributes, long time) {
    if (attributes.isEmpty()) {
      return;
    }
    boolean newer = resourceNanos == null || time >= resourceNanos;
    Map<String, String> merged = new TreeMap<>(newer ? resource : Map.of());
    attributes.forEach((k, v) -> merged.put(Texts.clean(k), Texts.clean(v)));
    if (newer) {
      resourceNanos = time;
    } else {
      merged.putAll(resource);
    }
    resource = merged;
  }

  static Rows rows() {
    return new Rows(
        "text", "int2", "text", "int8", "int8", "int8", "int8", "int8", "int8", "text", "text",
        "text", "text", "int8", "int8", "text", "int8");
  }

  void addTo(Rows rows) {
    RunRecord.End ended = end.value();
    rows.add(
        runId,
        no,
        attempt,
        firstNanos,
        startedNanos,
        heartbeat.time(),
        heartbeat.value(),
        heardNanos,
        end.time(),
        ended == null ? null : Texts.clean(ended.status()),
        clean(ended == null ? null : ended.errorType()),
        clean(ended == null ? null : ended.errorMessage()),
        clean(ended == null ? null : ended.errorStack()),
        rowsLogged.value(),
        rowsLogged.time(),
        Json.text(resource),
        resourceNanos);
  }

  static void upsert(Connection connection, Rows rows) throws SQLException {
    rows.execute(connection, UPSERT);
  }

  private static @Nullable String clean(@Nullable String text) {
    return text == null ? null : Texts.clean(text);
  }
}
