package dev.telestep.store.postgres;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import dev.telestep.model.WriteRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Many requests in one transaction. It takes the locks of the runs, skips requests that are stored
 * already, folds the others into what is known, and writes that back with a number of statements
 * that does not depend on the number of requests.
 */
final class GroupCommit {

  private static final String TEXTS =
      """
      INSERT INTO telestep_store.text_point (run_id, series, attempt, step, time_ns, seq, value)
      SELECT * FROM unnest(?::text[], ?::int4[], ?::int2[], ?::int8[], ?::int8[], ?::int8[],
        ?::text[])
      ON CONFLICT (run_id, series, attempt, step, time_ns)
      DO UPDATE SET seq = EXCLUDED.seq, value = EXCLUDED.value
      """;

  private static final String LINES =
      """
      INSERT INTO telestep_store.log_line
        (run_id, id, time, time_ns, attempt, severity, stream, body, digest)
      SELECT u.run_id, u.id, telestep.at_ns(u.time_ns), u.time_ns, u.attempt, u.severity, u.stream,
        u.body, u.digest
      FROM unnest(?::text[], ?::int8[], ?::int8[], ?::int2[], ?::int2[], ?::text[], ?::text[],
        ?::uuid[]) AS u(run_id, id, time_ns, attempt, severity, stream, body, digest)
      ON CONFLICT DO NOTHING
      """;

  private static final String PARAMETERS =
      """
      INSERT INTO telestep_store.parameter AS p (run_id, name, value, time_ns)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::int8[])
      ON CONFLICT (run_id, name) DO UPDATE SET value = EXCLUDED.value, time_ns = EXCLUDED.time_ns
      WHERE EXCLUDED.time_ns >= p.time_ns
      """;

  private final Connection connection;
  private final Catalog catalog;
  private final Digests digests;
  private final Map<String, RunBatch> batches = new TreeMap<>();

  GroupCommit(Connection connection, Catalog catalog, Digests digests) {
    this.connection = connection;
    this.catalog = catalog;
    this.digests = digests;
  }

  /** Runs the whole transaction but its COMMIT. */
  void execute(List<WriteRequest> requests) throws SQLException {
    lockRuns(runIds(requests));
    Set<Key> fresh = register(requests);
    for (WriteRequest request : requests) {
      for (RunWrite write : request.runs()) {
        String runId = Texts.clean(write.runId());
        // A request may name several attempts of one run, so its key is only struck off after it.
        if (fresh.contains(new Key(runId, request.requestId()))) {
          batch(runId).take(write, request.receivedNanos());
        }
      }
      request
          .runs()
          .forEach(w -> fresh.remove(new Key(Texts.clean(w.runId()), request.requestId())));
    }
    batches.values().removeIf(b -> b.touched().isEmpty());
    write();
  }

  static Set<String> runIds(List<WriteRequest> requests) {
    Set<String> runIds = new TreeSet<>();
    requests.forEach(r -> r.runs().forEach(w -> runIds.add(Texts.clean(w.runId()))));
    return runIds;
  }

  private RunBatch batch(String runId) {
    RunBatch batch = batches.get(runId);
    if (batch == null) {
      throw new IllegalStateException("run " + runId + " is not locked");
    }
    return batch;
  }

  private void lockRuns(Set<String> runIds) throws SQLException {
    Map<String, RunRow> rows = new HashMap<>();
    selectRuns(runIds, rows);
    if (rows.size() < runIds.size()) {
      Set<String> missing = new TreeSet<>(runIds);
      missing.removeAll(rows.keySet());
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO telestep_store.run (run_id, started_ns) SELECT unnest(?::text[]), 0"
                  + " ON CONFLICT DO NOTHING")) {
        insert.setArray(1, connection.createArrayOf("text", missing.toArray()));
        insert.executeUpdate();
      }
      selectRuns(missing, rows);
    }
    Map<String, List<AttemptRow>> attempts = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT * FROM telestep_store.attempt WHERE run_id = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("text", runIds.toArray()));
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          AttemptRow attempt = new AttemptRow(found);
          attempts.computeIfAbsent(attempt.runId, r -> new ArrayList<>()).add(attempt);
        }
      }
    }
    rows.forEach(
        (id, row) -> batches.put(id, new RunBatch(row, attempts.getOrDefault(id, List.of()))));
  }

  private void selectRuns(Set<String> runIds, Map<String, RunRow> rows) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT * FROM telestep_store.run WHERE run_id = ANY (?) ORDER BY run_id FOR UPDATE")) {
      select.setArray(1, connection.createArrayOf("text", runIds.toArray()));
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          RunRow row = new RunRow(found);
          rows.put(row.runId, row);
        }
      }
    }
  }

  /** Notes the requests and returns what of them is new. */
  private Set<Key> register(List<WriteRequest> requests) throws SQLException {
    Set<Key> keys = new HashSet<>();
    Rows rows = new Rows("text", "uuid");
    for (WriteRequest request : requests) {
      for (RunWrite write : request.runs()) {
        Key key = new Key(Texts.clean(write.runId()), request.requestId());
        if (keys.add(key)) {
          rows.add(key.runId, key.requestId);
        }
      }
    }
    Set<Key> fresh = new HashSet<>();
    if (rows.isEmpty()) {
      return fresh;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO telestep_store.request (run_id, request_id)"
                + " SELECT * FROM unnest(?::text[], ?::uuid[])"
                + " ON CONFLICT DO NOTHING RETURNING run_id, request_id")) {
      rows.bind(connection, insert);
      try (ResultSet inserted = insert.executeQuery()) {
        while (inserted.next()) {
          fresh.add(new Key(Columns.text(inserted, "run_id"), inserted.getObject(2, UUID.class)));
        }
      }
    }
    return fresh;
  }

  private void write() throws SQLException {
    Map<String, Collection<SeriesKey>> wanted = new TreeMap<>();
    batches.forEach((runId, batch) -> wanted.put(runId, batch.series.keySet()));
    catalog.resolve(connection, wanted);

    Rows runs = RunRow.rows();
    Rows attempts = AttemptRow.rows();
    Rows lines = new Rows("text", "int8", "int8", "int2", "int2", "text", "text", "uuid");
    Rows parameters = new Rows("text", "text", "text", "int8");
    List<String> reordered = new ArrayList<>();
    for (RunBatch batch : batches.values()) {
      if (batch.settle()) {
        reordered.add(batch.run.runId);
      }
      batch.run.commits++;
      batch.touched().forEach(a -> a.addTo(attempts));
      batch.parameters.forEach(
          (name, value) -> parameters.add(batch.run.runId, name, value.value(), value.time()));
      batch.lines.forEach(line -> addLine(batch, line, lines));
      batch.run.addTo(runs);
    }
    AttemptRow.upsert(connection, attempts);
    writeSeries();
    lines.execute(connection, LINES);
    parameters.execute(connection, PARAMETERS);
    RunRow.update(connection, runs);
    if (!reordered.isEmpty()) {
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE telestep_store.series_summary SET dirty = true WHERE run_id = ANY (?)")) {
        update.setArray(1, connection.createArrayOf("text", reordered.toArray()));
        update.executeUpdate();
      }
    }
  }

  private void addLine(RunBatch batch, RunBatch.Line line, Rows lines) {
    RunRecord.LogLine text = line.line();
    String stream = Texts.clean(text.stream());
    String body = Texts.clean(text.body());
    int severity = Math.max(0, Math.min(text.severity(), 24));
    lines.add(
        batch.run.runId,
        ++batch.run.logLines,
        text.time(),
        line.attempt(),
        severity,
        stream,
        body,
        digests.logLine(severity, stream, body, line.repetition()));
  }

  private void writeSeries() throws SQLException {
    Map<String, Map<Integer, SummaryRow>> summaries = selectSummaries();
    ChunkCopy chunks = new ChunkCopy();
    Rows texts = new Rows("text", "int4", "int2", "int8", "int8", "int8", "text");
    Rows updates = SummaryRow.rows();
    for (RunBatch batch : batches.values()) {
      String runId = batch.run.runId;
      batch.series.forEach(
          (key, series) -> {
            int number = catalog.number(runId, key);
            SummaryRow summary = summaries.getOrDefault(runId, Map.of()).get(number);
            if (summary == null) {
              throw new IllegalStateException("series " + number + " of " + runId + " is gone");
            }
            Long reset = series.resetNanos();
            if (reset != null) {
              summary.reset(reset);
            }
            series.forEachPoints(
                (points, attempt) -> {
                  chunks.add(runId, number, attempt, batch.run.commits, points);
                  summary.append(attempt, points);
                });
            series
                .texts()
                .forEach(
                    (id, value) ->
                        texts.add(
                            runId,
                            number,
                            id.attempt(),
                            id.step() == RunRecord.NO_STEP ? null : (Long) id.step(),
                            id.time(),
                            batch.run.commits,
                            value));
            summary.addTo(updates);
          });
    }
    chunks.send(connection);
    texts.execute(connection, TEXTS);
    SummaryRow.update(connection, updates);
  }

  private Map<String, Map<Integer, SummaryRow>> selectSummaries() throws SQLException {
    Rows wanted = new Rows("text", "int4");
    for (RunBatch batch : batches.values()) {
      for (SeriesKey key : batch.series.keySet()) {
        wanted.add(batch.run.runId, catalog.number(batch.run.runId, key));
      }
    }
    Map<String, Map<Integer, SummaryRow>> summaries = new HashMap<>();
    if (wanted.isEmpty()) {
      return summaries;
    }
    try (PreparedStatement select = connection.prepareStatement(SummaryRow.SELECT)) {
      wanted.bind(connection, select);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          SummaryRow row = new SummaryRow(found);
          summaries.computeIfAbsent(row.runId, r -> new HashMap<>()).put(row.series, row);
        }
      }
    }
    return summaries;
  }

  /** A request, seen from one run. */
  private record Key(String runId, UUID requestId) {}
}
