package dev.telestep.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** Writes to the real stream first, then shows the bytes to a splitter; never lets that fail. */
final class Tee extends OutputStream {

  /** Whether this thread is inside a splitter already: what that prints is not captured. */
  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  private final PrintStream real;
  private final LineSplitter splitter;

  Tee(PrintStream real, LineSplitter splitter) {
    this.real = real;
    this.splitter = splitter;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    real.write(bytes, offset, length);
    if (INSIDE.get()) {
      return;
    }
    INSIDE.set(true);
    try {
      splitter.write(bytes, offset, length);
    } catch (RuntimeException | LinkageError e) {
      // Printing must work even where capturing does not.
    } finally {
      INSIDE.set(false);
    }
  }

  @Override
  public void flush() {
    real.flush();
  }
}
