package dev.telestep.store.postgres;

import dev.telestep.semconv.TrainingEvents.ProgressKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row of {@code run}, whose lock the transaction holds. */
final class RunRow {

  /** What is said about progress must be in this range, or it is ignored. */
  private static final double MAX_PROGRESS = 1e15;

  private static final String UPDATE =
      """
      UPDATE telestep_store.run r SET
        name = u.name, name_ns = u.name_ns, project = u.project, project_ns = u.project_ns,
        group_name = u.group_name, group_ns = u.group_ns, tags = u.tags::jsonb, tags_ns = u.tags_ns,
        started_ns = u.started_ns, head = u.head, epoch = u.epoch, epoch_ns = u.epoch_ns,
        overall_epochs = u.overall_epochs, overall_epochs_ns = u.overall_epochs_ns,
        step = u.step, step_ns = u.step_ns,
        overall_steps = u.overall_steps, overall_steps_ns = u.overall_steps_ns,
        epoch_mark = u.epoch_mark, epoch_mark_ns = u.epoch_mark_ns,
        epoch_base = u.epoch_base, epoch_base_ns = u.epoch_base_ns,
        step_mark = u.step_mark, step_mark_ns = u.step_mark_ns,
        step_base = u.step_base, step_base_ns = u.step_base_ns,
        commits = u.commits, log_lines = u.log_lines
      FROM unnest(?::text[], ?::text[], ?::int8[], ?::text[], ?::int8[], ?::text[], ?::int8[],
        ?::text[], ?::int8[], ?::int8[], ?::int2[], ?::float8[], ?::int8[], ?::float8[], ?::int8[],
        ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::float8[], ?::int8[], ?::float8[], ?::int8[],
        ?::float8[], ?::int8[], ?::float8[], ?::int8[], ?::int8[], ?::int8[])
        AS u(run_id, name, name_ns, project, project_ns, group_name, group_ns, tags, tags_ns,
          started_ns, head, epoch, epoch_ns, overall_epochs, overall_epochs_ns, step, step_ns,
          overall_steps, overall_steps_ns, epoch_mark, epoch_mark_ns, epoch_base, epoch_base_ns,
          step_mark, step_mark_ns, step_base, step_base_ns, commits, log_lines)
      WHERE r.run_id = u.run_id
      """;

  final String runId;
  final Timed<String> name;
  final Timed<String> project;
  final Timed<String> group;
  final Timed<String> tags;
  long startedNanos;
  @Nullable Integer head;
  private final Timed<Double> epoch;
  private final Timed<Double> overallEpochs;
  private final Timed<Long> step;
  private final Timed<Long> overallSteps;
  private final Pace epochPace;
  private final Pace stepPace;
  long commits;
  long logLines;

  RunRow(ResultSet row) throws SQLException {
    runId = Columns.text(row, "run_id");
    name = texts(row, "name", "name_ns");
    project = texts(row, "project", "project_ns");
    group = texts(row, "group_name", "group_ns");
    tags = texts(row, "tags", "tags_ns");
    startedNanos = row.getLong("started_ns");
    head = Columns.intOrNull(row, "head");
    epoch = doubles(row, "epoch");
    overallEpochs = doubles(row, "overall_epochs");
    step = longs(row, "step");
    overallSteps = longs(row, "overall_steps");
    epochPace = pace(row, "epoch");
    stepPace = pace(row, "step");
    commits = row.getLong("commits");
    logLines = row.getLong("log_lines");
  }

  void progress(String kind, double value, long time) {
    if (!(value >= 0 && value <= MAX_PROGRESS)) {
      return;
    }
    switch (kind) {
      case ProgressKind.EPOCH -> {
        // A millionth of an epoch is enough, and keeps quotients in range.
        double rounded = Math.rint(value * 1e6) / 1e6;
        if (epoch.offer(rounded, time)) {
          epochPace.advance(rounded, time);
        }
      }
      case ProgressKind.OVERALL_EPOCHS -> overallEpochs.offer(Math.rint(value * 1e6) / 1e6, time);
      case ProgressKind.STEP -> step((long) value, time);
      case ProgressKind.OVERALL_STEPS -> overallSteps.offer((long) value, time);
      default -> {
        // a kind of a newer producer
      }
    }
  }

  /** The run has reached a step. */
  void step(long value, long time) {
    if (step.offer(value, time)) {
      stepPace.advance((double) value, time);
    }
  }

  static Rows rows() {
    return new Rows(
        "text", "text", "int8", "text", "int8", "text", "int8", "text", "int8", "int8", "int2",
        "float8", "int8", "float8", "int8", "int8", "int8", "int8", "int8", "float8", "int8",
        "float8", "int8", "float8", "int8", "float8", "int8", "int8", "int8");
  }

  void addTo(Rows rows) {
    rows.add(
        runId,
        name.value(),
        name.time(),
        project.value(),
        project.time(),
        group.value(),
        group.time(),
        tags.value(),
        tags.time(),
        startedNanos,
        head,
        epoch.value(),
        epoch.time(),
        overallEpochs.value(),
        overallEpochs.time(),
        step.value(),
        step.time(),
        overallSteps.value(),
        overallSteps.time(),
        epochPace.mark(),
        epochPace.markTime(),
        epochPace.base(),
        epochPace.baseTime(),
        stepPace.mark(),
        stepPace.markTime(),
        stepPace.base(),
        stepPace.baseTime(),
        commits,
        logLines);
  }

  static void update(Connection connection, Rows rows) throws SQLException {
    rows.execute(connection, UPDATE);
  }

  private static Timed<String> texts(ResultSet row, String column, String time)
      throws SQLException {
    return new Timed<>(row.getString(column), Columns.longOrNull(row, time));
  }

  private static Timed<Double> doubles(ResultSet row, String column) throws SQLException {
    return new Timed<>(Columns.doubleOrNull(row, column), Columns.longOrNull(row, column + "_ns"));
  }

  private static Timed<Long> longs(ResultSet row, String column) throws SQLException {
    return new Timed<>(Columns.longOrNull(row, column), Columns.longOrNull(row, column + "_ns"));
  }

  private static Pace pace(ResultSet row, String column) throws SQLException {
    return new Pace(
        Columns.doubleOrNull(row, column + "_mark"),
        Columns.longOrNull(row, column + "_mark_ns"),
        Columns.doubleOrNull(row, column + "_base"),
        Columns.longOrNull(row, column + "_base_ns"));
  }
}
