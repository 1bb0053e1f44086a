package dev.telestep.dashboards.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telestep.dashboards.check.GrafanaQuery.Source;
import dev.telestep.dashboards.check.QueryResult.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every way in which a result can be of no use to its panel is found. */
class PanelExpectationsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final String MATRIX =
      "{'type':'trend','transformations':[{'id':'groupingToMatrix','options':{'rowField':'x',"
          + "'columnField':'run','valueField':'value'}}],"
          + "'fieldConfig':{'overrides':[{'matcher':{'id':'byName','options':'x\\\\run'}}]}}";

  private static final String LOGS = "{'type':'logs'}";

  @Test
  void trend_ofRisingNumbers_isFine() {
    assertThat(
            panel(
                MATRIX,
                "table",
                "x float8,run text,value float8",
                row(1, "a", 2.0),
                row(1, "b", 3.0),
                row(2, "a", null)))
        .isEmpty();
  }

  @Test
  void trend_withFallingX_isFound() {
    assertThat(
            panel(
                MATRIX,
                "table",
                "x float8,run text,value float8",
                row(2, "a", 2.0),
                row(1, "a", 3.0)))
        .anyMatch(p -> p.contains("x does not rise after 2.0: 1"));
  }

  @Test
  void trend_withTextAsX_isFound() {
    assertThat(panel(MATRIX, "table", "x text,run text,value float8", row("1", "a", 2.0)))
        .anyMatch(p -> p.contains("x is no number"));
  }

  @Test
  void trend_withNaN_isFound() {
    assertThat(panel(MATRIX, "table", "x float8,run text,value float8", row(1, "a", Double.NaN)))
        .anyMatch(p -> p.contains("a has a value that cannot be drawn: NaN"));
  }

  @Test
  void trend_withoutRows_isFound() {
    assertThat(panel(MATRIX, "table", "x float8,run text,value float8"))
        .anyMatch(p -> p.contains("a trend needs one frame with a row"));
  }

  @Test
  void trend_withoutTheColumnOfItsMatrix_isFound() {
    assertThat(panel(MATRIX, "table", "x float8,name text,value float8", row(1, "a", 2.0)))
        .anyMatch(p -> p.contains("a transformation needs the field run"));
  }

  @Test
  void anyPanel_withATypeThatGrafanaCannotRead_isFound() {
    assertThat(panel("{'type':'table'}", "table", "tags jsonb", row("[]")))
        .anyMatch(p -> p.contains("Grafana cannot read the type jsonb of tags"));
  }

  @Test
  void anyPanel_withTwoColumnsOfOneName_isFound() {
    assertThat(panel("{'type':'table'}", "table", "a text,a text"))
        .anyMatch(p -> p.contains("two columns have the name a"));
  }

  @Test
  void anyPanel_withTooManyRows_isFound() {
    QueryResult many =
        new QueryResult(
            List.of(new Column("a", "text")), Collections.nCopies(50_001, row("x").values()));

    assertThat(
            PanelExpectations.problems(
                query(Source.PANEL, "{'type':'table'}", "table"), many, variables()))
        .anyMatch(p -> p.contains("50001 rows are too many"));
  }

  @Test
  void table_withAnOverrideForNoColumn_isFound() {
    String table =
        "{'type':'table','fieldConfig':{'overrides':[{'matcher':{'id':'byName','options':'Run'}}]}}";

    assertThat(panel(table, "table", "Run text", row("a"))).isEmpty();
    assertThat(panel(table, "table", "run text", row("a")))
        .anyMatch(p -> p.contains("no column Run among [run]"));
  }

  @Test
  void table_withALinkToNoColumn_isFound() {
    String table =
        "{'type':'table','fieldConfig':{'overrides':[],'defaults':{'links':[{'url':'/d/x?${__data.fields.run_id:percentencode}'}]}}}";

    assertThat(panel(table, "table", "name text", row("a")))
        .anyMatch(p -> p.contains("a link needs the column run_id"));
  }

  @Test
  void table_whoseJsonColumnHoldsNoObject_isFound() {
    String table =
        "{'type':'table','transformations':[{'id':'extractFields','options':{'source':'params'}}]}";

    assertThat(panel(table, "table", "params text", row("{\"lr\":\"1\"}"), row((String) null)))
        .isEmpty();
    assertThat(panel(table, "table", "params text", row("[1]")))
        .anyMatch(p -> p.contains("params is no JSON object: [1]"));
    assertThat(panel(table, "table", "params text", row("lr=1")))
        .anyMatch(p -> p.contains("no JSON: lr=1"));
  }

  @Test
  void sparkline_ofNoNumbers_isFound() {
    String table =
        "{'type':'table','transformations':[{'id':'convertFieldType','options':{'conversions':[{'targetField':'Trend'}]}}]}";

    assertThat(panel(table, "table", "Trend text", row("[1,null,2]"))).isEmpty();
    assertThat(panel(table, "table", "Trend text", row("[\"NaN\"]")))
        .anyMatch(p -> p.contains("no JSON array of numbers: [\"NaN\"]"));
  }

  @Test
  void stat_needsOneNumberInOneRow() {
    String stat = "{'type':'stat','options':{'reduceOptions':{'fields':''}}}";

    assertThat(panel(stat, "table", "v float8", row(1.0))).isEmpty();
    assertThat(panel(stat, "table", "v text", row("1")))
        .anyMatch(p -> p.contains("a tile without field pattern needs one number: [v]"));
    assertThat(panel(stat, "table", "v float8", row(1.0), row(2.0)))
        .anyMatch(p -> p.contains("a tile shows one row, not 2"));
  }

  @Test
  void timeSeries_needsTimeFirstAndASeriesName() {
    String panel = "{'type':'timeseries'}";

    assertThat(
            panel(
                panel,
                "time_series",
                "time timestamptz,metric text,value float8",
                row(NOW, "a", 1.0)))
        .isEmpty();
    assertThat(
            panel(
                panel,
                "time_series",
                "time timestamptz,name text,value float8",
                row(NOW, "a", 1.0)))
        .anyMatch(p -> p.contains("a series is named only by exactly time, metric and a number"));
    assertThat(panel(panel, "table", "value float8,time timestamptz", row(1.0, NOW)))
        .anyMatch(p -> p.contains("time must be first"));
    assertThat(
            panel(
                panel,
                "table",
                "time timestamptz,value float8",
                row(NOW, 1.0),
                row(NOW.minusSeconds(1), 1.0)))
        .anyMatch(p -> p.contains("time goes back"));
    assertThat(panel(panel, "table", "time text,value float8", row("now", 1.0)))
        .anyMatch(p -> p.contains("time is no time: text"));
  }

  @Test
  void scatter_withNull_isFound() {
    assertThat(panel("{'type':'xychart'}", "table", "x float8,y float8", row(1.0, null)))
        .anyMatch(p -> p.contains("NULL would be drawn as 0: y"));
    assertThat(panel("{'type':'xychart'}", "table", "x float8,name text", row(1.0, "a")))
        .anyMatch(p -> p.contains("a frame needs x and y"));
  }

  @Test
  void logs_needTimeLineLevelAndId() {
    String columns = "time timestamptz,body text,level text,id text";

    assertThat(
            panel(
                LOGS,
                "table",
                columns,
                row(NOW, "b", "info", "2"),
                row(NOW.minusSeconds(1), "a", "warn", "1")))
        .isEmpty();
    assertThat(
            panel(
                LOGS,
                "table",
                columns,
                row(NOW, "b", "INFO", "1"),
                row(NOW.plusSeconds(1), "a", "warn", "1")))
        .anyMatch(p -> p.contains("unknown level INFO"))
        .anyMatch(p -> p.contains("the newest line is not first"))
        .anyMatch(p -> p.contains("two lines have one id"));
    assertThat(panel(LOGS, "table", "time timestamptz,level text,body text,id text"))
        .anyMatch(p -> p.contains("the first text is not the line"));
  }

  @Test
  void variable_needsTextWithoutNullOrRepeats() {
    assertThat(problems(Source.VARIABLE, "{}", "table", "__text text,__value text", row("a", "1")))
        .isEmpty();
    assertThat(problems(Source.VARIABLE, "{}", "table", "name text,id text"))
        .anyMatch(p -> p.contains("a variable needs one column, or __text and __value"));
    assertThat(problems(Source.VARIABLE, "{}", "table", "n int8", row(1)))
        .anyMatch(p -> p.contains("a variable needs text"));
    assertThat(
            problems(
                Source.VARIABLE, "{}", "table", "k text", row("a"), row("a"), row((String) null)))
        .anyMatch(p -> p.contains("a value comes twice"))
        .anyMatch(p -> p.contains("a value is NULL"));
  }

  @Test
  void annotation_needsItsFourColumns() {
    assertThat(
            problems(
                Source.ANNOTATION,
                "{}",
                "table",
                "time timestamptz,timeend timestamptz,text text,tags text"))
        .isEmpty();
    assertThat(problems(Source.ANNOTATION, "{}", "table", "time timestamptz,text text"))
        .anyMatch(p -> p.contains("an annotation needs time, timeend, text and tags"));
  }

  @Test
  void alert_needsTimeOneNumberAndDistinctLabels() {
    String columns = "time timestamptz,run text,value float8";

    assertThat(
            problems(
                Source.ALERT, "{}", "time_series", columns, row(NOW, "a", 1.0), row(NOW, "b", 1.0)))
        .isEmpty();
    assertThat(
            problems(
                Source.ALERT, "{}", "time_series", columns, row(NOW, "a", 1.0), row(NOW, "a", 2.0)))
        .anyMatch(p -> p.contains("two rows have the labels [a]"));
    assertThat(problems(Source.ALERT, "{}", "table", "run text,a float8,b float8"))
        .anyMatch(p -> p.contains("an alert needs the format time_series"))
        .anyMatch(p -> p.contains("an alert needs a time first"))
        .anyMatch(p -> p.contains("an alert needs one number"));
  }

  private static List<String> panel(String json, String format, String columns, Row... rows) {
    return answered(Source.PANEL, json, format, columns, List.of(rows));
  }

  private static List<String> problems(
      Source source, String json, String format, String columns, Row... rows) {
    return answered(source, json, format, columns, List.of(rows));
  }

  private static List<String> answered(
      Source source, String json, String format, String columns, List<Row> rows) {
    List<Column> parsed = new ArrayList<>();
    for (String column : columns.split(",")) {
      String[] nameAndType = column.split(" ");
      parsed.add(new Column(nameAndType[0], nameAndType[1]));
    }
    return PanelExpectations.problems(
        query(source, json, format),
        new QueryResult(parsed, rows.stream().map(Row::values).toList()),
        variables());
  }

  private static Row row(@Nullable Object... values) {
    return new Row(Arrays.asList(values));
  }

  private record Row(List<@Nullable Object> values) {}

  private static GrafanaQuery query(Source source, String json, String format) {
    try {
      JsonNode definition = new ObjectMapper().readTree(json.replace('\'', '"'));
      return new GrafanaQuery("d", source, "name", format, "SELECT", definition);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static GrafanaInterpolation variables() {
    return GrafanaInterpolation.of(NOW, NOW, Duration.ofSeconds(1));
  }
}
