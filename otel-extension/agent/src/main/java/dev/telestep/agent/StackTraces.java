package dev.telestep.agent;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Stack traces as text of at most 32 Ki characters. */
final class StackTraces {

  private static final int MAX_CHARS = 32 * 1024;

  private StackTraces() {}

  static String text(Throwable thrown) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    thrown.printStackTrace(writer);
    writer.flush();
    return text.getBuffer().substring(0, Math.min(MAX_CHARS, text.getBuffer().length()));
  }
}
