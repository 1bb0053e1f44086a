package dev.telestep.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command prints. */
final class Output {

  private final PrintWriter out;

  private Output(PrintWriter out) {
    this.out = out;
  }

  static Output of(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the specification before it calls a command");
    }
    return new Output(spec.commandLine().getOut());
  }

  /** Prints the text with exactly one line end. */
  void print(String text) {
    out.println(text.stripTrailing());
    out.flush();
  }
}
