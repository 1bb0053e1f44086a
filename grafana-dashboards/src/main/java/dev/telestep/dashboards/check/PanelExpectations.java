package dev.telestep.dashboards.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telestep.dashboards.check.Frame.Field;
import dev.telestep.dashboards.check.Frame.Kind;
import dev.telestep.dashboards.check.QueryResult.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a panel, a variable, an annotation or an alert rule needs of the answer to its query. */
public final class PanelExpectations {

  /** A browser draws this much; Grafana itself would read a million rows. */
  private static final int MAX_ROWS = 50_000;

  private static final Pattern LINK_FIELD =
      Pattern.compile("\\$\\{__data\\.fields\\.(\\w+)[^}]*\\}");

  private static final Set<String> LEVELS =
      Set.of("critical", "error", "warn", "info", "debug", "trace");

  private final GrafanaQuery query;
  private final QueryResult result;
  private final GrafanaInterpolation variables;
  private final List<String> problems = new ArrayList<>();

  private PanelExpectations(
      GrafanaQuery query, QueryResult result, GrafanaInterpolation variables) {
    this.query = query;
    this.result = result;
    this.variables = variables;
  }

  /**
   * Why Grafana could not show the result as it is meant, a sentence each; empty when it can.
   *
   * @param variables the variables that the query was filled in with
   */
  public static List<String> problems(
      GrafanaQuery query, QueryResult result, GrafanaInterpolation variables) {
    PanelExpectations expectations = new PanelExpectations(query, result, variables);
    expectations.common();
    switch (query.source()) {
      case VARIABLE -> expectations.variable();
      case ANNOTATION -> expectations.annotation();
      case ALERT -> expectations.alert();
      case PANEL -> expectations.panel();
    }
    return expectations.problems.stream().map(p -> query + ": " + p).toList();
  }

  private void common() {
    Set<String> names = new HashSet<>();
    for (Column column : result.columns()) {
      expect(names.add(column.name()), "two columns have the name " + column.name());
      expect(
          column.isText() || column.isTime() || column.isNumber() || column.type().equals("bool"),
          "Grafana cannot read the type " + column.type() + " of " + column.name());
      if (column.name().equals("time")) {
        expect(column.isTime() || column.isNumber(), "time is no time: " + column.type());
      }
    }
    expect(result.rows().size() <= MAX_ROWS, result.rows().size() + " rows are too many");
  }

  private void variable() {
    boolean pair =
        result.columns().stream().map(Column::name).toList().equals(List.of("__text", "__value"));
    expect(
        pair || result.columns().size() == 1,
        "a variable needs one column, or __text and __value: " + result.columns());
    for (Column column : result.columns()) {
      expect(column.isText(), "a variable needs text: " + column);
    }
    List<@Nullable Object> values = result.values(result.columns().size() - 1);
    expect(values.stream().allMatch(Objects::nonNull), "a value is NULL");
    expect(new HashSet<>(values).size() == values.size(), "a value comes twice");
  }

  private void annotation() {
    expect(
        result.columns().stream()
            .map(Column::name)
            .toList()
            .equals(List.of("time", "timeend", "text", "tags")),
        "an annotation needs time, timeend, text and tags: " + result.columns());
    expect(
        result.columns().stream().limit(2).allMatch(Column::isTime)
            && result.columns().stream().skip(2).allMatch(Column::isText),
        "wrong types for an annotation: " + result.columns());
  }

  /** One series per set of labels: two would be one alert instance, which Grafana refuses. */
  private void alert() {
    expect(query.format().equals("time_series"), "an alert needs the format time_series");
    expect(
        !result.columns().isEmpty()
            && result.columns().get(0).name().equals("time")
            && result.columns().get(0).isTime(),
        "an alert needs a time first: " + result.columns());
    expect(
        result.columns().stream().filter(Column::isNumber).count() == 1,
        "an alert needs one number: " + result.columns());
    expect(
        result.columns().stream().skip(1).allMatch(c -> c.isNumber() || c.isText()),
        "an alert needs labels of text: " + result.columns());
    Set<List<@Nullable Object>> labels = new HashSet<>();
    for (List<@Nullable Object> row : result.rows()) {
      List<@Nullable Object> label = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        if (result.columns().get(i).isText()) {
          label.add(row.get(i));
        }
      }
      expect(labels.add(label), "two rows have the labels " + label);
    }
  }

  private void panel() {
    List<Frame> frames =
        Transformations.apply(query.definition(), Frame.of(result), variables, problems);
    Frame first = frames.isEmpty() ? new Frame(List.of()) : frames.get(0);
    switch (query.definition().path("type").asText()) {
      case "stat", "gauge" -> reduced(first);
      case "table" -> table(first);
      case "trend" -> trend(frames);
      case "timeseries" -> timeSeries();
      case "xychart" -> scatter(frames);
      case "logs" -> logs();
      default -> expect(false, "unknown type of panel");
    }
  }

  private void reduced(Frame frame) {
    JsonNode reduce = query.definition().at("/options/reduceOptions");
    expect(result.rows().size() <= 1, "a tile shows one row, not " + result.rows().size());
    String fields = reduce.path("fields").asText();
    if (frame.fields().isEmpty()) {
      return;
    }
    if (fields.isEmpty()) {
      expect(
          frame.fields().stream().filter(f -> f.kind() == Kind.NUMBER).count() == 1,
          "a tile without field pattern needs one number: " + frame.names());
    } else {
      Pattern pattern = javaPattern(fields);
      expect(
          frame.names().stream().filter(n -> pattern.matcher(n).find()).count() == 1,
          fields + " must match one of " + frame.names());
    }
    linkFields(frame);
  }

  private void table(Frame frame) {
    if (frame.fields().isEmpty()) {
      return;
    }
    expect(
        new HashSet<>(frame.names()).size() == frame.names().size(),
        "names come twice: " + frame.names());
    for (JsonNode override : query.definition().at("/fieldConfig/overrides")) {
      if (override.at("/matcher/id").asText().equals("byName")) {
        String name = override.at("/matcher/options").asText();
        expect(frame.field(name) != null, "no column " + name + " among " + frame.names());
      }
    }
    linkFields(frame);
  }

  private void linkFields(Frame frame) {
    Matcher field = LINK_FIELD.matcher(query.definition().path("fieldConfig").toString());
    while (field.find()) {
      expect(
          frame.field(field.group(1)) != null,
          "a link needs the column " + field.group(1) + ", there are " + frame.names());
    }
  }

  /** One frame, numbers that rise first, and every curve known to an override. */
  private void trend(List<Frame> frames) {
    if (frames.size() != 1 || frames.get(0).rows() == 0) {
      expect(false, "a trend needs one frame with a row, got " + frames.size());
      return;
    }
    Frame frame = frames.get(0);
    Field x = frame.fields().get(0);
    expect(x.kind() == Kind.NUMBER, "x is no number: " + x.name());
    double before = Double.NEGATIVE_INFINITY;
    for (Object value : x.values()) {
      boolean rises = value instanceof Number number && number.doubleValue() > before;
      expect(rises, "x does not rise after " + before + ": " + value);
      before = value instanceof Number number ? number.doubleValue() : before;
    }
    expect(frame.fields().size() > 1, "no curve");
    expect(
        new HashSet<>(frame.names()).size() == frame.names().size(),
        "two curves have one name: " + frame.names());
    expect(
        query.definition().at("/fieldConfig/overrides").toString().contains(quoted(x.name()))
            || x.name().equals(variables.text("${x_axis:text}")),
        "nothing names the x axis " + x.name());
    for (Field curve : frame.fields().subList(1, frame.fields().size())) {
      expect(curve.kind() == Kind.NUMBER, "a curve of no numbers: " + curve.name());
      for (Object value : curve.values()) {
        expect(
            value == null || Double.isFinite(((Number) value).doubleValue()),
            curve.name() + " has a value that cannot be drawn: " + value);
      }
    }
  }

  private void timeSeries() {
    List<Column> columns = result.columns();
    expect(
        !columns.isEmpty() && columns.get(0).name().equals("time"),
        "time must be first: " + columns);
    Stream<Column> others = columns.stream().skip(1);
    if (query.format().equals("time_series")) {
      expect(
          columns.size() == 3
              && columns.get(1).name().equals("metric")
              && columns.get(1).isText()
              && columns.get(2).isNumber(),
          "a series is named only by exactly time, metric and a number: " + columns);
    } else {
      expect(others.allMatch(Column::isNumber), "curves need numbers: " + columns);
    }
    double before = Double.NEGATIVE_INFINITY;
    for (Object value : result.values(0)) {
      double time = seconds(value);
      expect(time >= before, "time goes back");
      before = time;
    }
  }

  private void scatter(List<Frame> frames) {
    expect(!frames.isEmpty(), "a chart without frames is an error");
    for (Frame frame : frames) {
      List<Field> numbers = frame.fields().stream().filter(f -> f.kind() == Kind.NUMBER).toList();
      expect(numbers.size() == 2, "a frame needs x and y: " + frame.names());
      for (Field field : numbers) {
        expect(
            field.values().stream()
                .allMatch(v -> v != null && Double.isFinite(((Number) v).doubleValue())),
            "NULL would be drawn as 0: " + field.name());
      }
    }
  }

  private void logs() {
    List<Column> columns = result.columns();
    expect(columns.get(0).isTime(), "the first column is no time: " + columns);
    Column line = columns.stream().filter(Column::isText).findFirst().orElse(null);
    expect(
        line != null && line.name().equals("body"), "the first text is not the line: " + columns);
    List<String> names = columns.stream().map(Column::name).toList();
    expect(names.contains("level") && names.contains("id"), "no level or id: " + names);
    if (!names.contains("level") || !names.contains("id")) {
      return;
    }
    for (Object level : result.values(names.indexOf("level"))) {
      expect(level == null || LEVELS.contains(level.toString()), "unknown level " + level);
    }
    List<@Nullable Object> ids = result.values(names.indexOf("id"));
    expect(new HashSet<>(ids).size() == ids.size(), "two lines have one id");
    double before = Double.POSITIVE_INFINITY;
    for (Object value : result.values(0)) {
      double time = seconds(value);
      expect(time <= before, "the newest line is not first");
      before = time;
    }
  }

  /** A time, or the epoch seconds that {@code $__timeGroup} makes; NaN for NULL. */
  private static double seconds(@Nullable Object time) {
    if (time instanceof Instant instant) {
      return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
    return time instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** A field pattern in Grafana's form, between slashes. */
  private static Pattern javaPattern(String grafana) {
    return Pattern.compile(grafana.substring(1, grafana.lastIndexOf('/')));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\") + "\"";
  }

  private void expect(boolean holds, String problem) {
    if (!holds && !problems.contains(problem)) {
      problems.add(problem);
    }
  }
}
