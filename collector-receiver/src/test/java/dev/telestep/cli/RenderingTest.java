package dev.telestep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.store.RunReader.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the terminal shows, as text. */
class RenderingTest {

  @Test
  void chart_ofARisingLine_climbsFromCornerToCorner() {
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i <= 40; i++) {
      points.add(point(i, i));
    }

    assertThat(Chart.render(points, 24, 4, "step"))
        .isEqualTo(
            """
            40 ┤               ⣀⣠⠴⠒⠋
               │          ⣀⡤⠴⠚⠉⠁
               │     ⣀⡤⠴⠒⠋⠁
             0 ┤⣀⡤⠖⠚⠉⠁
               └────────────────────
                0      step       40
            """);
  }

  @Test
  void chart_keepsASpikeOfOneBucket() {
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i <= 40; i++) {
      points.add(i == 20 ? new CurvePoint(i, 1.0, 1.0, 100.0, 1.0, 0) : point(i, 1));
    }

    String chart = Chart.render(points, 24, 4, "step");

    assertThat(chart).startsWith("100 ┤");
    assertThat(chart.lines().limit(4))
        .allMatch(line -> line.codePoints().anyMatch(c -> c > 0x2800 && c <= 0x28ff));
  }

  @Test
  void chart_ofOneConstantValue_isALineInTheMiddle() {
    assertThat(Chart.render(List.of(point(5, 0.25)), 24, 3, "time")).startsWith("0.25 ┤");
  }

  @Test
  void chart_withoutFiniteValues_saysSo() {
    assertThat(Chart.render(List.of(new CurvePoint(1, null, null, null, null, 3)), 24, 3, "step"))
        .isEqualTo("(no finite values)\n");
  }

  @Test
  void table_alignsNumbersRightAndTextLeft_alsoInColour() {
    Terminal colour = new Terminal(80, true);
    Table table = new Table(colour, List.of("NAME", "STATUS", "LOSS"));
    table.add(List.of("a\nb", colour.status("failed"), "0.5"));
    table.add(List.of("longer", colour.status("finished"), "12"));

    assertThat(table.render().lines())
        .containsExactly(
            "\u001b[1mNAME    STATUS    LOSS\u001b[0m",
            "a b     \u001b[31mfailed\u001b[0m     0.5",
            "longer  \u001b[32mfinished\u001b[0m    12");
  }

  @Test
  void textOfARun_cannotMoveTheCursor() {
    assertThat(Texts.line("a\u001b[2Jb\rc\td \u001b[31mred\u001b[0m"))
        .isEqualTo("a [2Jb c d \u001b[31mred\u001b[0m");
  }

  @Test
  void numbers_haveFourDigits() {
    assertThat(
            List.of(
                Texts.number(3.0),
                Texts.number(0.123456),
                Texts.number(12345.678),
                Texts.number(0.0000123456),
                Texts.number(Double.NaN),
                Texts.number(Double.NEGATIVE_INFINITY),
                Texts.number((Double) null)))
        .containsExactly("3", "0.1235", "12350", "1.235e-05", "NaN", "-Infinity", "-");
  }

  @Test
  void durations_haveTwoUnits() {
    assertThat(
            List.of(
                Texts.duration(0.4),
                Texts.duration(95.5),
                Texts.duration(3_700.0),
                Texts.duration(90_000.0),
                Texts.duration(null)))
        .containsExactly("0s", "1m 35s", "1h 1m", "1d 1h", "-");
  }

  @Test
  void bar_isFullOnlyWhenDone() {
    assertThat(List.of(Texts.bar(0.0), Texts.bar(0.999), Texts.bar(1.0), Texts.bar(null)))
        .containsExactly("░░░░░░░░░░   0%", "██████████  99%", "██████████ 100%", "-");
  }

  private static CurvePoint point(double x, double y) {
    return new CurvePoint(x, y, y, y, y, 0);
  }
}
