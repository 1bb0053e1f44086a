package dev.telestep.agent;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells lines that a logging framework's console appender printed for a log record that the run's
 * log has as well (the record wins: it knows its severity) from all others, which are kept.
 *
 * <p>The appender is found on the stack. Whether its framework's records reach us is learnt from
 * the first of them: its lines are held back until a record of the same thread says the same,
 * before or after printing. If none comes, they and all later lines of that appender are kept.
 */
final class AppenderLines {

  private static final int MAX_HELD = 8;
  private static final int MAX_FRAMES = 60;
  private static final Set<String> APPENDERS =
      Set.of(
          "java.util.logging.StreamHandler",
          "ch.qos.logback.core.OutputStreamAppender",
          "org.apache.logging.log4j.core.appender.OutputStreamManager",
          "org.apache.log4j.WriterAppender",
          "org.jboss.logmanager.handlers.WriterHandler");
  private static final ThreadLocal<@Nullable String> LAST_RECORD = new ThreadLocal<>();

  private final StackWalker walker = StackWalker.getInstance();
  private final Set<String> recorded = ConcurrentHashMap.newKeySet();
  private final Set<String> unrecorded = ConcurrentHashMap.newKeySet();
  private final List<Held> held = new ArrayList<>();

  /** A record of this thread is kept. */
  void recorded(String body) {
    String first = firstLine(body);
    LAST_RECORD.set(first);
    synchronized (held) {
      if (held.stream().anyMatch(line -> line.isOf(Thread.currentThread(), first))) {
        for (Iterator<Held> lines = held.iterator(); lines.hasNext(); ) {
          Held line = lines.next();
          if (line.thread == Thread.currentThread()) {
            recorded.add(line.appender);
            lines.remove();
          }
        }
      }
    }
  }

  /** This thread has printed a line; it is kept now, later or never. */
  void printed(String text, Runnable keep) {
    String appender = appender();
    if (appender == null || unrecorded.contains(appender)) {
      flush(Thread.currentThread());
      keep.run();
      return;
    }
    String record = LAST_RECORD.get();
    if (record != null && !record.isEmpty() && text.contains(record)) {
      recorded.add(appender);
      forget(Thread.currentThread());
    }
    if (recorded.contains(appender)) {
      return;
    }
    synchronized (held) {
      held.add(new Held(Thread.currentThread(), appender, text, keep));
      if (held.size() <= MAX_HELD) {
        return;
      }
    }
    unrecorded.add(appender);
    flush();
  }

  /** Keeps all lines that are held back. */
  void flush() {
    flush(null);
  }

  private void flush(@Nullable Thread thread) {
    List<Held> released = new ArrayList<>();
    synchronized (held) {
      for (Iterator<Held> lines = held.iterator(); lines.hasNext(); ) {
        Held line = lines.next();
        if (thread == null || line.thread == thread) {
          released.add(line);
          lines.remove();
        }
      }
    }
    released.forEach(line -> line.keep.run());
  }

  private void forget(Thread thread) {
    synchronized (held) {
      held.removeIf(line -> line.thread == thread);
    }
  }

  private @Nullable String appender() {
    return walker.walk(
        frames ->
            frames
                .limit(MAX_FRAMES)
                .map(StackWalker.StackFrame::getClassName)
                .filter(APPENDERS::contains)
                .findFirst()
                .orElse(null));
  }

  private static String firstLine(String body) {
    int end = body.indexOf('\n');
    return (end < 0 ? body : body.substring(0, end)).strip();
  }

  private static final class Held {

    private final Thread thread;
    private final String appender;
    private final String text;
    private final Runnable keep;

    Held(Thread thread, String appender, String text, Runnable keep) {
      this.thread = thread;
      this.appender = appender;
      this.text = text;
      this.keep = keep;
    }

    boolean isOf(Thread other, String record) {
      return thread == other && !record.isEmpty() && text.contains(record);
    }
  }
}
