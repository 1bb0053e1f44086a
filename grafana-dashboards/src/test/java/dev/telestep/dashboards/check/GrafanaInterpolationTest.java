package dev.telestep.dashboards.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrafanaInterpolationTest {

  private static final GrafanaInterpolation PLAIN =
      GrafanaInterpolation.of(
          Instant.parse("2026-01-02T03:04:05.006Z"),
          Instant.parse("2026-01-02T04:04:05Z"),
          Duration.ofSeconds(30));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqlstring | 'it''s'",
        "singlequote | 'it\\'s'",
        "doublequote | \"it's\"",
        "raw | it's",
        "csv | it's",
        "pipe | it's",
        "text | it's",
        "percentencode | it%27s",
        "queryparam | var-x=it%27s",
        "unheard_of | it's"
      },
      quoteCharacter = '`')
  void text_ofASingleValue_isInTheFormat(String format, String expected) {
    assertThat(PLAIN.with("x", VariableValue.single("it's")).text("${x:" + format + "}"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqlstring | 'a''b','c.d'",
        "csv | a'b,c.d",
        "pipe | `a'b|c.d`",
        "regex | `(a'b|c\\.d)`",
        "text | a'b + c.d",
        "queryparam | var-x=a%27b&var-x=c.d",
        "percentencode | %7Ba%27b%2Cc.d%7D",
        "glob | {a'b,c.d}"
      },
      quoteCharacter = '`')
  void text_ofSeveralValues_isInTheFormat(String format, String expected) {
    VariableValue value = VariableValue.multiple(List.of("a'b", "c.d"));

    assertThat(PLAIN.with("x", value).text("${x:" + format + "}")).isEqualTo(expected);
  }

  @Test
  void text_ofNoValue_isNothing() {
    assertThat(
            PLAIN.with("x", VariableValue.multiple(List.of())).sql("ARRAY[${x:sqlstring}]::text[]"))
        .isEqualTo("ARRAY[]::text[]");
  }

  @Test
  void text_hasThreeFormsOfAVariable() {
    GrafanaInterpolation x = PLAIN.with("x", VariableValue.single("1"));

    assertThat(x.text("$x ${x} [[x]] [[x:csv]] ${x.field:raw} $xy $1 $"))
        .isEqualTo("1 1 1 1 1 $xy $1 $");
  }

  @Test
  void text_showsTheTextsOfValues() {
    VariableValue value = new VariableValue(List.of("step"), List.of("Step"), false);

    assertThat(PLAIN.with("x_axis", value).text("${x_axis:text} ${x_axis}")).isEqualTo("Step step");
  }

  @Test
  void text_doesNotReadVariablesInValues() {
    GrafanaInterpolation nested =
        PLAIN.with("a", VariableValue.single("${b} $b")).with("b", VariableValue.single("2"));

    assertThat(nested.text("${a:raw}")).isEqualTo("${b} $b");
  }

  @Test
  void text_knowsWhatGrafanaBringsAlong() {
    assertThat(PLAIN.text("$__interval $__interval_ms $__from ${__to} ${__url_time_range}"))
        .isEqualTo("30s 30000 1767323045006 1767326645000 from=1767323045006&to=1767326645000");
  }

  @Test
  void sql_escapesDoubleQuotes_asNewerVersionsDo() {
    GrafanaInterpolation value = PLAIN.with("x", VariableValue.single("a\"b'"));

    assertThat(value.sql("${x:sqlstring}")).isEqualTo("'a\"b'''");
    assertThat(value.escapingDoubleQuotes().sql("${x:sqlstring}")).isEqualTo("'a\\\"b'''");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$__timeFilter(t.time) | t.time BETWEEN `2026-01-02T03:04:05.006Z` AND `2026-01-02T04:04:05Z`",
        "$__timeFrom()::timestamptz | `2026-01-02T03:04:05.006Z`::timestamptz",
        "$__timeTo() | `2026-01-02T04:04:05Z`",
        "$__timeGroup(time, $__interval) AS time | floor(extract(epoch from time)/30)*30 AS time",
        "$__timeGroup(time,`5m`) AS time | floor(extract(epoch from time)/300)*300 AS time",
        "$__timeGroup(time,`500ms`), v | floor(extract(epoch from time)/0.5)*0.5 AS \"time\", v",
        "$__timeGroupAlias(time,1h) | floor(extract(epoch from time)/3600)*3600 AS \"time\"",
        "$__unixEpochFilter(t) | t >= 1767323045 AND t <= 1767326645",
        "$__unixEpochNanoFilter(ns) | ns >= 1767323045006000000 AND ns <= 1767326645000000000",
        "$__unixEpochFrom() | 1767323045",
        "$__unixEpochGroup(t,1d) | floor((t)/86400)*86400",
        "a ~ `^x$` | a ~ `^x$`"
      })
  void sql_expandsMacros(String sql, String expected) {
    assertThat(PLAIN.sql(sql.replace('`', '\''))).isEqualTo(expected.replace('`', '\''));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$__nothing(x) | unknown macro \"__nothing\"",
        "$__timeGroup(time) | macro __timeGroup needs time column and interval and optional fill value",
        "$__timeGroup(time,often) | error parsing interval often"
      })
  void sql_withAWrongMacro_isRefusedAsInGrafana(String sql, String message) {
    assertThatThrownBy(() -> PLAIN.sql(sql))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$__timeFrom()", "$__timeFilter(x)"})
  void sql_expandsMacrosThatCameInWithAVariable(String value) {
    assertThat(PLAIN.with("x", VariableValue.single(value)).sql("${x:sqlstring}"))
        .contains("2026-01-02T03:04:05.006Z");
  }

  @ParameterizedTest
  @CsvSource({"PT0.25S,250ms", "PT90S,90s", "PT120S,2m", "PT3H,3h", "P2D,2d"})
  void interval_isWrittenInTheLargestUnit(Duration interval, String expected) {
    assertThat(GrafanaInterpolation.of(Instant.EPOCH, Instant.EPOCH, interval).text("$__interval"))
        .isEqualTo(expected);
  }

  @Test
  void single_withoutAValue_isRefused() {
    assertThatThrownBy(() -> new VariableValue(List.of(), List.of(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a single variable has one value, got []");
  }
}
