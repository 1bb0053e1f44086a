package dev.telestep.cli;

import dev.telestep.store.RunReader.CurvePoint;
import java.util.List;
import java.util.Locale;

/**
 * A curve in Braille characters: each is two dots wide and four high. Means are joined by a line;
 * each bucket's minimum and maximum are drawn too, so no spike is lost.
 */
final class Chart {

  private static final int BRAILLE = 0x2800;

  /** Bit of the dot in a character, by row and column. */
  private static final int[][] BITS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

  private final int width;
  private final int height;
  private final boolean[][] dots;
  private int lastX = -1;
  private int lastY = -1;

  private Chart(int width, int height) {
    this.width = width;
    this.height = height;
    this.dots = new boolean[height * 4][width * 2];
  }

  /**
   * Draws a curve with its axes.
   *
   * @param width characters from edge to edge, labels included
   * @param height lines of the drawing itself
   * @param x name of the x axis
   */
  static String render(List<CurvePoint> points, int width, int height, String x) {
    List<CurvePoint> finite =
        points.stream().filter(p -> p.mean() != null && Double.isFinite(p.x())).toList();
    if (finite.isEmpty()) {
      return "(no finite values)\n";
    }
    double minX = finite.stream().mapToDouble(CurvePoint::x).min().orElse(0);
    double maxX = finite.stream().mapToDouble(CurvePoint::x).max().orElse(0);
    double minY = finite.stream().mapToDouble(Chart::low).min().orElse(0);
    double maxY = finite.stream().mapToDouble(Chart::high).max().orElse(0);
    String top = Texts.number(maxY);
    String bottom = Texts.number(minY);
    int label = Math.max(top.length(), bottom.length());
    Chart chart = new Chart(Math.max(10, width - label - 2), height);
    for (CurvePoint point : finite) {
      chart.add(
          position(point.x(), minX, maxX, chart.width * 2),
          chart.row(mean(point), minY, maxY),
          chart.row(low(point), minY, maxY),
          chart.row(high(point), minY, maxY));
    }
    StringBuilder out = new StringBuilder();
    for (int line = 0; line < height; line++) {
      String text = line == 0 ? top : line == height - 1 ? bottom : "";
      out.append(" ".repeat(label - text.length())).append(text);
      out.append(text.isEmpty() ? " │" : " ┤").append(chart.line(line)).append('\n');
    }
    out.append(" ".repeat(label + 1)).append('└').append("─".repeat(chart.width)).append('\n');
    out.append(" ".repeat(label + 2)).append(axis(chart.width, minX, maxX, x)).append('\n');
    return out.toString();
  }

  private static String axis(int width, double minX, double maxX, String name) {
    String left = Texts.number(minX);
    String right = Texts.number(maxX);
    int space = width - left.length() - right.length();
    if (space < name.length() + 2) {
      return String.format(Locale.ROOT, "%s … %s %s", left, right, name);
    }
    int before = (space - name.length()) / 2;
    return left + " ".repeat(before) + name + " ".repeat(space - name.length() - before) + right;
  }

  private void add(int column, int mean, int low, int high) {
    vertical(column, low, high);
    if (lastX < 0) {
      dots[mean][column] = true;
    } else {
      for (int x = lastX; x <= column; x++) {
        double part = column == lastX ? 1 : (double) (x - lastX) / (column - lastX);
        double before =
            column == lastX ? 0 : (double) Math.max(0, x - 1 - lastX) / (column - lastX);
        vertical(x, between(lastY, mean, before), between(lastY, mean, part));
      }
    }
    lastX = column;
    lastY = mean;
  }

  private void vertical(int column, int from, int to) {
    for (int y = Math.min(from, to); y <= Math.max(from, to); y++) {
      dots[y][column] = true;
    }
  }

  private String line(int line) {
    StringBuilder out = new StringBuilder(width);
    for (int column = 0; column < width; column++) {
      int bits = 0;
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 2; x++) {
          if (dots[line * 4 + y][column * 2 + x]) {
            bits |= BITS[y][x];
          }
        }
      }
      out.append(bits == 0 ? ' ' : (char) (BRAILLE + bits));
    }
    return out.toString().stripTrailing();
  }

  /** Rows count from the top. */
  private int row(double value, double min, double max) {
    return height * 4 - 1 - position(value, min, max, height * 4);
  }

  private static int between(int from, int to, double part) {
    return (int) Math.round(from + (to - from) * part);
  }

  private static int position(double value, double min, double max, int cells) {
    return max > min ? (int) Math.round((value - min) / (max - min) * (cells - 1)) : cells / 2;
  }

  private static double mean(CurvePoint point) {
    Double mean = point.mean();
    return mean == null ? 0 : mean;
  }

  private static double low(CurvePoint point) {
    Double min = point.min();
    return min == null ? mean(point) : min;
  }

  private static double high(CurvePoint point) {
    Double max = point.max();
    return max == null ? mean(point) : max;
  }
}
