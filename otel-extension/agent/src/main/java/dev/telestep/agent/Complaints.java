package dev.telestep.agent;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Counts one kind of problem and says it in the log, at once and then once a minute at most. */
final class Complaints {

  private static final Logger LOGGER = Logger.getLogger("dev.telestep.agent");
  private static final long SILENCE_NANOS = 60_000_000_000L;

  private final AtomicLong count = new AtomicLong();
  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

  /**
   * @param items how many rows or lines it cost, or 1
   * @param message what happened; asked for only when it is said
   */
  void report(long items, Supplier<String> message) {
    long total = count.addAndGet(items);
    long now = System.nanoTime();
    long before = saidAt.get();
    if (now - before >= SILENCE_NANOS && saidAt.compareAndSet(before, now)) {
      say(Level.WARNING, message.get() + " (" + total + " in all)");
    }
  }

  long count() {
    return count.get();
  }

  /** Says something once; a broken log handler harms nobody. */
  static void say(Level level, String message) {
    try {
      LOGGER.log(level, "telestep: " + message);
    } catch (RuntimeException | LinkageError e) {
      // There is nowhere left to say it.
    }
  }
}
