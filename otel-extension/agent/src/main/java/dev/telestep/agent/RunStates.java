package dev.telestep.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The runs of this process that have not ended, the newest last, and whose run a thread's is. */
final class RunStates {

  private static final InheritableThreadLocal<RunState> OF_THREAD = new InheritableThreadLocal<>();

  private final List<RunState> active = new CopyOnWriteArrayList<>();
  private volatile @Nullable RunState newest;

  synchronized void add(RunState run) {
    active.add(run);
    newest = run;
    OF_THREAD.set(run);
  }

  synchronized void remove(RunState run) {
    active.remove(run);
    newest = active.isEmpty() ? null : active.get(active.size() - 1);
  }

  List<RunState> active() {
    return List.copyOf(active);
  }

  boolean isEmpty() {
    return newest == null;
  }

  @Nullable RunState find(String runId, String attempt) {
    RunState likely = newest;
    if (likely != null && likely.is(runId, attempt)) {
      return likely;
    }
    for (RunState run : active) {
      if (run.is(runId, attempt)) {
        return run;
      }
    }
    return null;
  }

  /** The run that this thread started last or inherited, ended or not. */
  @Nullable RunState lastOfThread() {
    return OF_THREAD.get();
  }

  /** The run that this thread works for: its own, else the newest. */
  @Nullable RunState current() {
    RunState newestNow = newest;
    if (newestNow == null) {
      return null;
    }
    RunState own = OF_THREAD.get();
    return own == null || own.ended ? newestNow : own;
  }
}
