package dev.telestep.dashboards.check;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills variables and macros into a query in the two steps in which Grafana does it: the browser
 * writes variables, then the PostgreSQL data source expands macros, also those that came in with a
 * variable.
 *
 * <p>Immutable. The source is Grafana's documentation and its behaviour as of 12.3.
 */
public final class GrafanaInterpolation {

  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(\\w+)|\\[\\[(\\w+?)(?::(\\w+))?\\]\\]|\\$\\{(\\w+)(?:\\.([^:^}]+))?(?::([^}]+))?\\}");

  private final Map<String, VariableValue> variables;
  private final Instant from;
  private final Instant to;
  private final Duration interval;
  private final boolean escapeDoubleQuotes;

  private GrafanaInterpolation(
      Map<String, VariableValue> variables,
      Instant from,
      Instant to,
      Duration interval,
      boolean escapeDoubleQuotes) {
    this.variables = Map.copyOf(variables);
    this.from = from;
    this.to = to;
    this.interval = interval;
    this.escapeDoubleQuotes = escapeDoubleQuotes;
  }

  /**
   * Without variables.
   *
   * @param from start of the dashboard's time range
   * @param to end of the dashboard's time range
   * @param interval {@code $__interval}, which Grafana derives from the range and a panel's width
   */
  public static GrafanaInterpolation of(Instant from, Instant to, Duration interval) {
    return new GrafanaInterpolation(Map.of(), from, to, interval, false);
  }

  /** With a variable, which replaces one of the same name. */
  public GrafanaInterpolation with(String name, VariableValue value) {
    Map<String, VariableValue> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new GrafanaInterpolation(more, from, to, interval, escapeDoubleQuotes);
  }

  /** As newer versions of Grafana write {@code sqlstring}: {@code "} becomes {@code \"}. */
  public GrafanaInterpolation escapingDoubleQuotes() {
    return new GrafanaInterpolation(variables, from, to, interval, true);
  }

  /** The value of a variable, null when there is none of this name. */
  public @Nullable VariableValue variable(String name) {
    return variables.get(name);
  }

  /**
   * The SQL that PostgreSQL gets.
   *
   * @throws IllegalArgumentException for what Grafana reports as an error: an unknown macro, a
   *     missing argument, an interval that is none
   */
  public String sql(String rawSql) {
    return GrafanaMacros.expand(text(rawSql), from, to, interval);
  }

  /** Any text with its variables filled in; unknown ones stay as they are. */
  public String text(String text) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String replacement = replacement(matcher);
      matcher.appendReplacement(
          result, Matcher.quoteReplacement(replacement == null ? matcher.group() : replacement));
    }
    return matcher.appendTail(result).toString();
  }

  private @Nullable String replacement(Matcher matcher) {
    String name = firstGroup(matcher, 1, 2, 4);
    String format = firstGroup(matcher, 3, 6);
    VariableValue value = name == null ? null : variables.get(name);
    if (value != null && name != null) {
      return value.formatted(name, format == null ? "glob" : format, escapeDoubleQuotes);
    }
    return name == null ? null : builtIn(name);
  }

  private @Nullable String builtIn(String name) {
    return switch (name) {
      case "__from" -> String.valueOf(from.toEpochMilli());
      case "__to" -> String.valueOf(to.toEpochMilli());
      case "__interval" -> GrafanaMacros.text(interval);
      case "__interval_ms" -> String.valueOf(interval.toMillis());
      case "__url_time_range" -> "from=" + from.toEpochMilli() + "&to=" + to.toEpochMilli();
      case "__all_variables" ->
          variables.entrySet().stream()
              .map(e -> e.getValue().formatted(e.getKey(), "queryparam", escapeDoubleQuotes))
              .collect(Collectors.joining("&"));
      default -> null;
    };
  }

  private static @Nullable String firstGroup(Matcher matcher, int... groups) {
    for (int group : groups) {
      if (matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    return null;
  }
}
