package dev.telestep;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The runs of this process that have not ended, the newest first. */
final class ActiveRuns {

  private static final Deque<Run> RUNS = new ArrayDeque<>();
  private static volatile @Nullable Run current;

  private ActiveRuns() {}

  static synchronized void add(Run run) {
    RUNS.addFirst(run);
    current = run;
  }

  static synchronized void remove(Run run) {
    RUNS.remove(run);
    current = RUNS.peekFirst();
  }

  static @Nullable Run current() {
    return current;
  }

  /** The current run, else a new one with the defaults; null when its settings are wrong. */
  static @Nullable Run currentOrStarted() {
    Run run = current;
    if (run != null) {
      return run;
    }
    synchronized (ActiveRuns.class) {
      run = current;
      if (run != null) {
        return run;
      }
      try {
        return new RunBuilder(Settings.system()).start();
      } catch (RuntimeException e) {
        Problems.PROCESS.report(1, () -> "no run could be started: " + e.getMessage());
        return null;
      }
    }
  }
}
