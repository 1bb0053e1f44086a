package dev.telestep;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entry point: starts runs, and offers the short verbs on the run that was started last.
 *
 * <pre>{@code
 * try (Run run = Telestep.run("mnist").project("vision").parameter("lr", 0.1).start()) {
 *   for (int epoch = 1; epoch <= 10; epoch++) {
 *     run.log(Map.of("loss", train(), "epoch", epoch));
 *     run.progress(epoch, 10);
 *   }
 *   run.finish();
 * }
 * }</pre>
 *
 * <p>The static verbs {@link #log}, {@link #reportMetric} and {@link #reportParameter} need no
 * object: they act on {@link #currentRun()}, and where no run is active they start one with the
 * defaults of {@link #run()}. Like every recording verb they never throw and never block.
 */
public final class Telestep {

  private Telestep() {}

  /**
   * A run to be configured and started.
   *
   * @param name human name of the run; need not be unique
   * @throws IllegalArgumentException when the name is blank
   */
  public static RunBuilder run(String name) {
    return new RunBuilder(Settings.system()).name(name);
  }

  /** A run named by {@code TELESTEP_RUN_NAME} ({@code telestep.run.name}), else {@code run}. */
  public static RunBuilder run() {
    return new RunBuilder(Settings.system());
  }

  /**
   * The next attempt of an existing run: keeps its name, project, group and tags unless the builder
   * sets them anew.
   *
   * @param runId identity of the run to continue
   * @throws IllegalArgumentException when the id is empty or longer than 256 bytes of UTF-8
   */
  public static RunBuilder resume(String runId) {
    return new RunBuilder(Settings.system()).resume(runId);
  }

  /** The most recently started run of this process that has not ended; null when there is none. */
  public static @Nullable Run currentRun() {
    return ActiveRuns.current();
  }

  /** {@link Run#log(Map)} on the current run. */
  public static void log(Map<String, ?> values) {
    Run run = ActiveRuns.currentOrStarted();
    if (run != null) {
      run.log(values);
    }
  }

  /** {@link Run#log(Map, long)} on the current run. */
  public static void log(Map<String, ?> values, long step) {
    Run run = ActiveRuns.currentOrStarted();
    if (run != null) {
      run.log(values, step);
    }
  }

  /** {@link Run#reportMetric(String, double)} on the current run. */
  public static void reportMetric(String name, double value) {
    Run run = ActiveRuns.currentOrStarted();
    if (run != null) {
      run.reportMetric(name, value);
    }
  }

  /** {@link Run#reportParameter(String, String)} on the current run. */
  public static void reportParameter(String name, String value) {
    Run run = ActiveRuns.currentOrStarted();
    if (run != null) {
      run.reportParameter(name, value);
    }
  }

  /** {@link Run#finish()} on the current run; nothing when no run is active. */
  public static void finish() {
    Run run = ActiveRuns.current();
    if (run != null) {
      run.finish();
    }
  }
}
