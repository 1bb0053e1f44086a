package dev.telestep.agent;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/** Captures what is printed through {@code System.out} and {@code System.err}. */
final class ConsoleCapture {

  private final RunLog log;
  private @Nullable PrintStream realOut;
  private @Nullable PrintStream realErr;
  private @Nullable PrintStream ourOut;
  private @Nullable PrintStream ourErr;
  private @Nullable LineSplitter out;
  private @Nullable LineSplitter err;

  ConsoleCapture(RunLog log) {
    this.log = log;
  }

  synchronized void install() {
    if (ourOut != null) {
      return;
    }
    Charset outCharset = charset("stdout.encoding", "sun.stdout.encoding");
    Charset errCharset = charset("stderr.encoding", "sun.stderr.encoding");
    LineSplitter outSplitter = new LineSplitter(outCharset, line -> log.line("stdout", line));
    LineSplitter errSplitter = new LineSplitter(errCharset, line -> log.line("stderr", line));
    realOut = System.out;
    realErr = System.err;
    out = outSplitter;
    err = errSplitter;
    ourOut = new PrintStream(new Tee(System.out, outSplitter), true, outCharset);
    ourErr = new PrintStream(new Tee(System.err, errSplitter), true, errCharset);
    System.setOut(ourOut);
    System.setErr(ourErr);
  }

  /** Captures the unfinished lines and steps aside, unless others have wrapped us since. */
  synchronized void uninstall() {
    if (out != null && err != null) {
      out.flush();
      err.flush();
    }
    if (ourOut != null && System.out == ourOut) {
      System.setOut(realOut);
    }
    if (ourErr != null && System.err == ourErr) {
      System.setErr(realErr);
    }
  }

  /** The encoding of the real stream, which it does not tell before Java 18. */
  private static Charset charset(String... properties) {
    for (String property : properties) {
      String name = System.getProperty(property);
      try {
        if (name != null && !name.isEmpty()) {
          return Charset.forName(name);
        }
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        // The next property may name one that this JVM has.
      }
    }
    return Charset.defaultCharset();
  }
}
