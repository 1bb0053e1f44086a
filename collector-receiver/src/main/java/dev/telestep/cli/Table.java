package dev.telestep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Rows under a heading, two spaces between columns; columns that hold numbers align right. */
final class Table {

  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final Pattern NUMBER =
      Pattern.compile("-|[-+]?([0-9.]+(e[-+]?[0-9]+)?|Infinity)(/[0-9.]+)?( \\(.*\\))?|NaN");

  private final Terminal terminal;
  private final List<List<String>> rows = new ArrayList<>();

  Table(Terminal terminal, List<String> heading) {
    this.terminal = terminal;
    rows.add(List.copyOf(heading));
  }

  void add(List<String> row) {
    rows.add(row.stream().map(cell -> Texts.line(cell).strip()).toList());
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Every line with its line end. */
  String render() {
    int columns = rows.get(0).size();
    int[] widths =
        IntStream.range(0, columns)
            .map(c -> rows.stream().mapToInt(row -> width(row.get(c))).max().orElse(0))
            .toArray();
    boolean[] right = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      right[c] = rows.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      String line = line(rows.get(r), widths, right).stripTrailing();
      out.append(r == 0 ? terminal.heading(line) : line).append('\n');
    }
    return out.toString();
  }

  private static String line(List<String> row, int[] widths, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String cell = row.get(c);
      String padding = " ".repeat(widths[c] - width(cell));
      line.append(c == 0 ? "" : "  ");
      line.append(right[c] ? padding + cell : cell + padding);
    }
    return line.toString();
  }

  private static int width(String cell) {
    String plain = COLOUR.matcher(cell).replaceAll("");
    return plain.codePointCount(0, plain.length());
  }
}
