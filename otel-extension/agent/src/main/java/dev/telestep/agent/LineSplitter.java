package dev.telestep.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/**
 * Cuts bytes into lines at line feeds and carriage returns (each update of a progress bar is a
 * line); empty ones are left out, long ones cut at 16 KiB.
 */
final class LineSplitter {

  private static final int MAX_LINE_BYTES = 16 * 1024;

  private final Charset charset;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  LineSplitter(Charset charset, Consumer<String> lines) {
    this.charset = charset;
    this.lines = lines;
  }

  synchronized void write(byte[] bytes, int offset, int length) {
    int start = offset;
    for (int i = offset; i < offset + length; i++) {
      boolean ends = bytes[i] == '\n' || bytes[i] == '\r';
      if (ends || pending.size() + i - start >= MAX_LINE_BYTES) {
        pending.write(bytes, start, i - start);
        flush();
        start = ends ? i + 1 : i;
      }
    }
    pending.write(bytes, start, offset + length - start);
  }

  /** Ends the line that is being written. */
  synchronized void flush() {
    if (pending.size() > 0) {
      String line = new String(pending.toByteArray(), charset);
      pending.reset();
      lines.accept(line);
    }
  }
}
