package dev.telestep.dashboards.check;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is chosen for a variable.
 *
 * @param values the values; one for a variable that is not {@code multi}
 * @param texts what people see, one per value
 * @param multi whether the variable can hold several values, which changes how it is written
 */
public record VariableValue(List<String> values, List<String> texts, boolean multi) {

  private static final Pattern REGEX_SYNTAX = Pattern.compile("[\\\\^$*+?.()|\\[\\]{}/]");

  public VariableValue {
    values = List.copyOf(values);
    texts = List.copyOf(texts);
    if (!multi && values.size() != 1) {
      throw new IllegalArgumentException("a single variable has one value, got " + values);
    }
  }

  /** A variable of one value that is shown as it is. */
  public static VariableValue single(String value) {
    return new VariableValue(List.of(value), List.of(value), false);
  }

  /** A variable of several values that are shown as they are; none is possible. */
  public static VariableValue multiple(List<String> values) {
    return new VariableValue(values, values, true);
  }

  /**
   * The value in one of Grafana's formats; an unknown one is written as {@code glob}, as there.
   *
   * @param escapeDoubleQuotes whether {@code sqlstring} writes {@code "} as {@code \"}, which newer
   *     versions of Grafana do
   */
  String formatted(String name, String format, boolean escapeDoubleQuotes) {
    return switch (format) {
      case "sqlstring" -> joined(",", v -> sqlString(v, escapeDoubleQuotes));
      case "singlequote" -> joined(",", v -> "'" + v.replace("'", "\\'") + "'");
      case "doublequote" -> joined(",", v -> "\"" + v.replace("\"", "\\\"") + "\"");
      case "raw", "csv" -> joined(",", v -> v);
      case "pipe" -> joined("|", v -> v);
      case "regex" -> regex();
      case "text" -> String.join(" + ", texts);
      case "queryparam" -> joined("&", v -> "var-" + name + "=" + percentEncoded(v));
      case "percentencode" ->
          percentEncoded(multi ? "{" + joined(",", v -> v) + "}" : values.get(0));
      default -> values.size() > 1 ? "{" + joined(",", v -> v) + "}" : joined(",", v -> v);
    };
  }

  private String joined(String separator, UnaryOperator<String> each) {
    return values.stream().map(each).collect(Collectors.joining(separator));
  }

  private String regex() {
    String alternatives = joined("|", v -> REGEX_SYNTAX.matcher(v).replaceAll("\\\\$0"));
    return values.size() > 1 ? "(" + alternatives + ")" : alternatives;
  }

  private static String sqlString(String value, boolean escapeDoubleQuotes) {
    String escaped = value.replace("'", "''");
    return "'" + (escapeDoubleQuotes ? escaped.replace("\"", "\\\"") : escaped) + "'";
  }

  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
