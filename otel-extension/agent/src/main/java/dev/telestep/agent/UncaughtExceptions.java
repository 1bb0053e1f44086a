package dev.telestep.agent;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** Hears of the exceptions that threads die of, and passes them on to who was there before. */
final class UncaughtExceptions implements UncaughtExceptionHandler {

  private final @Nullable UncaughtExceptionHandler next;
  private final BiConsumer<Thread, Throwable> listener;

  private UncaughtExceptions(
      @Nullable UncaughtExceptionHandler next, BiConsumer<Thread, Throwable> listener) {
    this.next = next;
    this.listener = listener;
  }

  static void install(BiConsumer<Thread, Throwable> listener) {
    Thread.setDefaultUncaughtExceptionHandler(
        new UncaughtExceptions(Thread.getDefaultUncaughtExceptionHandler(), listener));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    try {
      listener.accept(thread, thrown);
    } catch (RuntimeException | LinkageError e) {
      Complaints.say(Level.WARNING, "the end of a run cannot be recorded: " + e);
    }
    if (next != null) {
      next.uncaughtException(thread, thrown);
    } else {
      // What the JVM does where no handler is set.
      System.err.println(
          "Exception in thread \""
              + thread.getName()
              + "\" "
              + StackTraces.text(thrown).stripTrailing());
    }
  }
}
