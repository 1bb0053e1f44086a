package dev.telestep;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Counts what could not be recorded and says it at most once a minute, through the {@code
 * java.util.logging} logger {@code dev.telestep}. Saying it never fails.
 */
final class Problems {

  /** Problems that belong to no run. */
  static final Problems PROCESS = new Problems("telestep");

  private static final Logger LOGGER = Logger.getLogger("dev.telestep");
  private static final long SILENCE_NANOS = 60_000_000_000L;

  private final String who;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong said = new AtomicLong();
  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

  Problems(String who) {
    this.who = who;
  }

  /**
   * Counts a problem.
   *
   * @param items how many values or rows it cost
   * @param message what happened; asked for only when it is said
   */
  void report(long items, Supplier<String> message) {
    count.addAndGet(items);
    long now = System.nanoTime();
    long before = saidAt.get();
    if (now - before >= SILENCE_NANOS && saidAt.compareAndSet(before, now)) {
      say(message);
    }
  }

  /** How many values and rows were not recorded so far. */
  long count() {
    return count.get();
  }

  /** Says what was counted since it was last said; for the end of a run. */
  void flush() {
    if (count.get() != said.get()) {
      say(() -> "the run ends");
    }
  }

  private void say(Supplier<String> message) {
    long total = count.get();
    long fresh = total - said.getAndSet(total);
    try {
      LOGGER.log(
          Level.WARNING,
          "{0}: not recorded: {1} since last said, {2} in all; the last: {3}",
          new Object[] {who, fresh, total, message.get()});
    } catch (RuntimeException ignored) {
      // A broken log handler must not break training; the count is kept.
    }
  }
}
