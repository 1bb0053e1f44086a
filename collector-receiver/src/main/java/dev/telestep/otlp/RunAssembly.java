package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import dev.telestep.semconv.TrainingEvents.ProgressKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a request says about one attempt of one run. Facts of which only the newest counts
 * (heartbeats, progress, resets) are kept once.
 */
final class RunAssembly {

  /** Keys of rows that are progress too; {@code step} is none of them: it is the row's step. */
  private static final Set<String> PROGRESS_KEYS =
      Set.of(ProgressKind.EPOCH, ProgressKind.OVERALL_EPOCHS, ProgressKind.OVERALL_STEPS);

  private final String runId;
  private final String attempt;
  private final Set<RunRecord.Info> descriptions = new LinkedHashSet<>();
  private final List<RunRecord> records = new ArrayList<>();
  private final Map<SeriesKey, Column> columns = new LinkedHashMap<>();
  private final Map<String, SeriesKey> plainKeys = new HashMap<>();
  private final Map<SeriesKey, RunRecord.Reset> resets = new LinkedHashMap<>();
  private final Map<String, RunRecord.Progress> progress = new LinkedHashMap<>();
  private RunRecord.@Nullable Heartbeat heartbeat;
  private RunRecord.@Nullable RowsLogged rows;

  RunAssembly(String runId, String attempt) {
    this.runId = runId;
    this.attempt = attempt;
  }

  boolean is(String otherRunId, String otherAttempt) {
    return runId.equals(otherRunId) && attempt.equals(otherAttempt);
  }

  /** The series of a logged key without attributes, made once per request. */
  SeriesKey metric(String key) {
    return plainKeys.computeIfAbsent(key, SeriesKey::metric);
  }

  void number(SeriesKey series, long step, long time, double value) {
    columns.computeIfAbsent(series, Column::new).add(step, time, value);
    if (PROGRESS_KEYS.contains(series.key()) && series.kind() == SeriesKey.Kind.METRIC) {
      progress(series.key(), value, time);
    }
  }

  void reset(SeriesKey series, long time) {
    resets.merge(
        series,
        new RunRecord.Reset(series, time),
        (known, added) -> added.time() >= known.time() ? added : known);
  }

  void parameter(String name, String value, long time) {
    records.add(new RunRecord.Parameter(name, value, time));
    if (ProgressKind.OVERALL_EPOCHS.equals(name) || ProgressKind.OVERALL_STEPS.equals(name)) {
      try {
        progress(name, Double.parseDouble(value), time);
      } catch (NumberFormatException text) {
        // A text under this name stays a parameter like any other.
        return;
      }
    }
  }

  /** What cannot be drawn as progress (NaN, infinities, below zero) is left out of it. */
  void progress(String kind, double value, long time) {
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      return;
    }
    progress.merge(
        kind,
        new RunRecord.Progress(kind, value, time),
        (known, added) -> added.time() >= known.time() ? added : known);
  }

  void heartbeat(long time) {
    if (heartbeat == null || time > heartbeat.time()) {
      heartbeat = new RunRecord.Heartbeat(time);
    }
  }

  void rowsLogged(long count, long time) {
    if (rows == null || time >= rows.time()) {
      rows = new RunRecord.RowsLogged(count, time);
    }
  }

  void add(RunRecord record) {
    records.add(record);
  }

  /** Adds what a resource says about the run. */
  void describe(RunRecord.Info info) {
    descriptions.add(info);
  }

  /** Whether nothing of the run was accepted: then its resource is no news either. */
  boolean isEmpty() {
    return records.isEmpty()
        && columns.isEmpty()
        && resets.isEmpty()
        && progress.isEmpty()
        && heartbeat == null
        && rows == null;
  }

  RunWrite toRunWrite() {
    List<RunRecord> all = new ArrayList<>(descriptions);
    all.addAll(records);
    all.addAll(resets.values());
    columns.values().forEach(column -> all.add(column.toRecord()));
    all.addAll(progress.values());
    if (rows != null) {
      all.add(rows);
    }
    if (heartbeat != null) {
      all.add(heartbeat);
    }
    return new RunWrite(runId, attempt, all);
  }
}
