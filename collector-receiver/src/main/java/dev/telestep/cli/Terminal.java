package dev.telestep.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * What can be printed to.
 *
 * @param width columns
 * @param colour whether colours are wanted
 */
record Terminal(int width, boolean colour) {

  private static final int DEFAULT_WIDTH = 100;
  private static final int MIN_WIDTH = 40;

  /** The terminal of this process; plain where the output is no terminal or NO_COLOR is set. */
  static Terminal of(Map<String, String> environment) {
    boolean colour = CommandLine.Help.Ansi.AUTO.enabled();
    return new Terminal(width(environment.get("COLUMNS")), colour);
  }

  /** A status in the colour that people expect of it. */
  String status(String status) {
    String code =
        switch (status) {
          case "running" -> "34";
          case "finished" -> "32";
          case "failed" -> "31";
          default -> "33";
        };
    return colour ? "\u001b[" + code + "m" + status + "\u001b[0m" : status;
  }

  String heading(String text) {
    return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  private static int width(@Nullable String columns) {
    if (columns == null || !columns.matches("[0-9]{1,4}")) {
      return DEFAULT_WIDTH;
    }
    return Math.max(MIN_WIDTH, Integer.parseInt(columns));
  }
}
