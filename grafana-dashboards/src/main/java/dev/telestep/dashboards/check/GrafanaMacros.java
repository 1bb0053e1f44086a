package dev.telestep.dashboards.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The macros of Grafana's PostgreSQL data source. */
final class GrafanaMacros {

  /** An argument cannot contain a closing parenthesis: the first one ends the macro. */
  private static final Pattern MACRO = Pattern.compile("\\$([_a-zA-Z0-9]+)\\(([^)]*)\\)");

  private static final Pattern INTERVAL = Pattern.compile("(\\d+)(ms|s|m|h|d|w)");

  private GrafanaMacros() {}

  static String expand(String sql, Instant from, Instant to, Duration interval) {
    String global =
        sql.replace("$__interval_ms", String.valueOf(interval.toMillis()))
            .replace("$__interval", text(interval))
            .replace("$__unixEpochFrom()", String.valueOf(from.getEpochSecond()))
            .replace("$__unixEpochTo()", String.valueOf(to.getEpochSecond()));
    Matcher matcher = MACRO.matcher(global);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      boolean named = matcher.end() < global.length() && global.charAt(matcher.end()) == ',';
      String expansion = expansion(matcher.group(1), arguments(matcher.group(2)), from, to);
      if (named && matcher.group(1).equals("__timeGroup")) {
        expansion += " AS \"time\"";
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(expansion));
    }
    return matcher.appendTail(result).toString();
  }

  /** A duration in the largest unit that divides it. */
  static String text(Duration interval) {
    long millis = interval.toMillis();
    for (String unit : List.of("d", "h", "m", "s")) {
      long size = unitMillis(unit);
      if (millis >= size && millis % size == 0) {
        return millis / size + unit;
      }
    }
    return millis + "ms";
  }

  private static String expansion(String name, List<String> arguments, Instant from, Instant to) {
    String first = arguments.get(0);
    return switch (name) {
      case "__time" -> first + " AS \"time\"";
      case "__timeEpoch" -> "extract(epoch from " + first + ") as \"time\"";
      case "__timeFilter" -> first + " BETWEEN '" + from + "' AND '" + to + "'";
      case "__timeFrom" -> "'" + from + "'";
      case "__timeTo" -> "'" + to + "'";
      case "__timeGroup" -> grouped("extract(epoch from " + first + ")", name, arguments);
      case "__timeGroupAlias" ->
          grouped("extract(epoch from " + first + ")", name, arguments) + " AS \"time\"";
      case "__unixEpochFilter" -> between(first, from.getEpochSecond(), to.getEpochSecond());
      case "__unixEpochNanoFilter" -> between(first, nanos(from), nanos(to));
      case "__unixEpochNanoFrom" -> String.valueOf(nanos(from));
      case "__unixEpochNanoTo" -> String.valueOf(nanos(to));
      case "__unixEpochGroup" -> grouped("(" + first + ")", name, arguments);
      case "__unixEpochGroupAlias" -> grouped("(" + first + ")", name, arguments) + " AS \"time\"";
      default -> throw new IllegalArgumentException("unknown macro \"" + name + "\"");
    };
  }

  private static String grouped(String expression, String name, List<String> arguments) {
    if (arguments.size() < 2) {
      throw new IllegalArgumentException(
          "macro " + name + " needs time column and interval and optional fill value");
    }
    double seconds = seconds(arguments.get(1).replace("'", ""));
    String size = seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : seconds + "";
    return "floor(" + expression + "/" + size + ")*" + size;
  }

  private static double seconds(String interval) {
    Matcher matcher = INTERVAL.matcher(interval);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("error parsing interval " + interval);
    }
    return Long.parseLong(matcher.group(1)) * unitMillis(matcher.group(2)) / 1000.0;
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 604_800_000;
      default -> throw new IllegalArgumentException("unknown unit of time " + unit);
    };
  }

  private static String between(String column, long from, long to) {
    return column + " >= " + from + " AND " + column + " <= " + to;
  }

  private static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }

  private static List<String> arguments(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::trim).toList();
  }
}
