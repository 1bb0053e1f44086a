package dev.telestep.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers, durations and bars as people read them. */
final class Texts {

  static final String NOTHING = "-";

  private static final MathContext FOUR_DIGITS = new MathContext(4);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] EIGHTHS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  private static final int BAR_CELLS = 10;

  /** Control characters, but not the beginning of a colour: text of a run must not steer. */
  private static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cntrl}&&[^\u001b]]+|\u001b(?!\\[[0-9;]*m)");

  private Texts() {}

  /** Any text on one line, with nothing in it that would move the cursor. */
  static String line(String text) {
    return CONTROLS.matcher(text).replaceAll(" ");
  }

  /** Whole numbers as they are, others with four significant digits. */
  static String number(@Nullable Double value) {
    if (value == null) {
      return NOTHING;
    }
    double number = value;
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.toString(number);
    }
    if (number == Math.rint(number) && Math.abs(number) < 1e9) {
      return Long.toString((long) number);
    }
    BigDecimal rounded = new BigDecimal(number).round(FOUR_DIGITS).stripTrailingZeros();
    double size = Math.abs(number);
    return size >= 1e-4 && size < 1e9
        ? rounded.toPlainString()
        : String.format(Locale.ROOT, "%.3e", number);
  }

  static String number(@Nullable Long value) {
    return value == null ? NOTHING : Long.toString(value);
  }

  /** A part of a whole, as {@code 7/20}. */
  static String of(String part, String whole) {
    return whole.equals(NOTHING) ? part : part + "/" + whole;
  }

  static String time(@Nullable Instant time) {
    return time == null ? NOTHING : TIME.format(time);
  }

  /** Two units at most: {@code 95.5} is 1m 35s. */
  static String duration(@Nullable Double seconds) {
    if (seconds == null || !(seconds >= 0)) {
      return NOTHING;
    }
    long all = (long) (double) seconds;
    long days = all / 86_400;
    long hours = all / 3_600 % 24;
    long minutes = all / 60 % 60;
    if (days > 0) {
      return days + "d " + hours + "h";
    }
    if (hours > 0) {
      return hours + "h " + minutes + "m";
    }
    return minutes > 0 ? minutes + "m " + all % 60 + "s" : all + "s";
  }

  /** A bar of ten cells and the percentage. */
  static String bar(@Nullable Double progress) {
    if (progress == null || progress.isNaN()) {
      return NOTHING;
    }
    double part = Math.max(0, Math.min(1, progress));
    int eighths = (int) Math.round(part * BAR_CELLS * 8);
    String filled = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    return filled
        + "░".repeat(BAR_CELLS - filled.length())
        + String.format(Locale.ROOT, " %3d%%", (int) Math.floor(part * 100));
  }
}
