package dev.telestep;

import static dev.telestep.LogOptions.NO_STEP;

import dev.telestep.semconv.RunStatus;
import dev.telestep.semconv.TrainingEvents;
import dev.telestep.semconv.TrainingEvents.ProgressKind;
import dev.telestep.semconv.TrainingMetrics;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one training run. Safe for use by any number of threads.
 *
 * <p><b>Rows.</b> Every call that logs values makes one row: keys and values that share one
 * timestamp and one step. Timestamps of a run's rows strictly increase, in nanoseconds. Values are
 * numbers (kept as double), text, booleans and lists of numbers; the elements of a list are
 * appended one by one as consecutive rows. Keys have 1 to 512 bytes of UTF-8.
 *
 * <p><b>Steps.</b> Steps are whole numbers from 0. A row without one takes the run's counter, which
 * then advances; a row with a step moves the counter past that step. The step can also stand among
 * the values under the key {@code step}.
 *
 * <p><b>Errors.</b> Recording never throws, never blocks on I/O and never waits for the network. A
 * value that cannot be recorded (null, another type, a key that is empty or too long), a row with a
 * negative step, and everything after the end is left out, counted, and said at most once a minute
 * by the {@code java.util.logging} logger {@code dev.telestep}; the other values of the row are
 * recorded.
 */
public final class Run implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock();
  private final RunChannel channel;
  private final Problems problems;
  private long nextStep;
  private long pinnedStep = NO_STEP;
  private boolean ended;

  Run(RunChannel channel, long initialStep) {
    this.channel = channel;
    this.problems = new Problems("run " + channel.runId());
    this.nextStep = initialStep;
  }

  /** Identity of the run, 1 to 256 bytes of UTF-8. */
  public String id() {
    return channel.runId();
  }

  /** Identity of this process's life of the run. */
  public String attempt() {
    return channel.attempt();
  }

  /** Logs a row at the step under the key {@code step}, else at the step of the run's counter. */
  public void log(Map<String, ?> values) {
    logMetrics(values, LogOptions.defaults());
  }

  /** Logs a row at a step. */
  public void log(Map<String, ?> values, long step) {
    logMetrics(values, LogOptions.defaults().step(step));
  }

  /** Logs one number at the step of {@link #reportMetric}, else at that of the run's counter. */
  public void logMetric(String key, double value) {
    reportMetric(key, value);
  }

  /**
   * Logs one value.
   *
   * @param value a number, text, a boolean, or a list of numbers, whose elements are appended one
   *     by one with steps one apart
   */
  public void logMetric(String key, Object value, LogOptions options) {
    try {
      append(Rows.of(key, value, problems), options, true);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /** Logs a row; the same as {@link #log(Map)}. */
  public void logMetrics(Map<String, ?> values) {
    logMetrics(values, LogOptions.defaults());
  }

  /** Logs a row with options, which hold for each of its keys. */
  public void logMetrics(Map<String, ?> values, LogOptions options) {
    try {
      append(Rows.of(values, problems), options, false);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /**
   * Logs one number.
   *
   * <p>{@code reportMetric("step", n)} logs nothing: it sets the step of the single values that
   * follow, and the counter does not advance with them. That ends with the next row that {@link
   * #log} writes, which still has step n, or with the next explicit step.
   */
  public void reportMetric(String name, double value) {
    try {
      Rows rows = Rows.of(name, value, problems);
      if (TrainingMetrics.STEP_KEY.equals(name)) {
        pin(rows.step());
      } else {
        append(rows, LogOptions.defaults(), true);
      }
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /** Records a parameter of the run as text; the newest value of a name holds. */
  public void reportParameter(String name, String value) {
    parameter(name, value);
  }

  /**
   * Records a parameter of the run; the newest value of a name holds.
   *
   * @param value number, text, boolean, enum, list, map or record; the entries of the last two
   *     become {@code name.entry}
   */
  public void parameter(String name, Object value) {
    try {
      Parameters parameters = new Parameters(problems);
      parameters.add(name, value);
      emit(parameters);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /** Records parameters of the run, as {@link #parameter} does. */
  public void parameters(Map<String, ?> values) {
    try {
      Parameters parameters = new Parameters(problems);
      parameters.addAll(values);
      emit(parameters);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /** Records the components of a record as parameters of the run, as {@link #parameter} does. */
  public void parameters(Object values) {
    try {
      Parameters parameters = new Parameters(problems);
      parameters.addRecord(values);
      emit(parameters);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /**
   * Says how far training is.
   *
   * @param epoch epochs completed, may be fractional, not negative
   * @param overallEpochs epochs planned, positive
   */
  public void progress(double epoch, double overallEpochs) {
    progress(
        ProgressKind.EPOCH,
        epoch,
        Value.of(epoch),
        ProgressKind.OVERALL_EPOCHS,
        overallEpochs,
        Value.of(overallEpochs));
  }

  /**
   * Says how far training is.
   *
   * @param step steps completed, not negative
   * @param overallSteps steps planned, positive
   */
  public void progressSteps(long step, long overallSteps) {
    progress(
        ProgressKind.STEP,
        (double) step,
        Value.of(step),
        ProgressKind.OVERALL_STEPS,
        (double) overallSteps,
        Value.of(overallSteps));
  }

  /** Ends the run as {@code finished}. A run ends once; later ends are ignored. */
  public void finish() {
    end(RunStatus.FINISHED, null, null);
  }

  /** Ends the run as {@code failed}, with the exception's type, message and stack trace. */
  public void fail(Throwable cause) {
    try {
      end(RunStatus.FAILED, cause, cause.getMessage());
    } catch (RuntimeException e) {
      // A null cause, or one whose getMessage throws, must not hide that the run failed.
      end(RunStatus.FAILED, null, "failed; the cause cannot be read: " + e);
    }
  }

  /** Ends the run as {@code failed} unless it has ended. */
  @Override
  public void close() {
    end(RunStatus.FAILED, null, "the run was closed without finish()");
  }

  /** How many values and rows were not recorded so far. */
  long notRecorded() {
    return problems.count();
  }

  private void append(Rows rows, LogOptions options, boolean single) {
    lock.lock();
    try {
      if (isEnded("a row") || rows.stepRefused()) {
        return;
      }
      long step = options.step() != NO_STEP ? options.step() : rows.step();
      boolean pinned = step == NO_STEP && single && pinnedStep != NO_STEP;
      if (step == NO_STEP) {
        step = pinned ? pinnedStep : nextStep;
      }
      int length = Math.max(1, rows.count());
      if (step < 0 || step + length < 0) {
        long refused = step;
        problems.report(1, () -> "the step of a row must not be negative: " + refused);
        return;
      }
      // Before the rows, so that an SDK that throws half-way leaves the counter right.
      if (!pinned) {
        pinnedStep = NO_STEP;
        nextStep = step + length;
      }
      for (int i = 0; i < rows.count(); i++) {
        channel.row(rows.body(i), step + i, options.overwrite() && i == 0, options.singleValue());
      }
    } finally {
      lock.unlock();
    }
  }

  private void pin(long step) {
    if (step != NO_STEP) {
      lock.lock();
      try {
        pinnedStep = step;
        nextStep = step;
      } finally {
        lock.unlock();
      }
    }
  }

  private void emit(Parameters parameters) {
    if (!parameters.isEmpty()) {
      emit(TrainingEvents.PARAMETERS, parameters.toValue(), false);
    }
  }

  private void progress(
      String kind,
      double done,
      Value<?> doneBody,
      String overallKind,
      double overall,
      Value<?> overallBody) {
    try {
      if (done >= 0 && overall > 0 && Double.isFinite(done) && Double.isFinite(overall)) {
        emit(
            TrainingEvents.PROGRESS,
            Value.of(KeyValue.of(kind, doneBody), KeyValue.of(overallKind, overallBody)),
            kind.equals(ProgressKind.EPOCH));
      } else {
        problems.report(
            1, () -> "progress must be from 0 of a positive number: " + done + " of " + overall);
      }
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  private void emit(String event, Value<?> body, boolean row) {
    lock.lock();
    try {
      if (!isEnded(event)) {
        channel.event(event, body, row);
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(String status, @Nullable Throwable cause, @Nullable String message) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      channel.end(status, cause, message);
      ended = true;
    } catch (RuntimeException | LinkageError e) {
      ended = true;
      failed(e);
    } finally {
      lock.unlock();
    }
    ActiveRuns.remove(this);
    problems.flush();
  }

  private boolean isEnded(String what) {
    if (ended) {
      problems.report(1, () -> what + " came after the end of the run");
    }
    return ended;
  }

  private void failed(Throwable e) {
    problems.report(1, () -> "OpenTelemetry or a value threw " + e);
  }
}
