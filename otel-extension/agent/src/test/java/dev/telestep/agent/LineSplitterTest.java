package dev.telestep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

  private final List<String> lines = new ArrayList<>();
  private final LineSplitter splitter = new LineSplitter(StandardCharsets.UTF_8, lines::add);

  @Test
  void lines_endAtLineFeedsAndCarriageReturns() {
    write("one\ntwo\r\n\nbar 10%\rbar 20%\rrest");
    assertThat(lines).containsExactly("one", "two", "bar 10%", "bar 20%");
    splitter.flush();
    splitter.flush();
    assertThat(lines).last().isEqualTo("rest");
    assertThat(lines).hasSize(5);
  }

  @Test
  void characters_areWhole_whenTheirBytesComeApart() {
    byte[] bytes = "é\n".getBytes(StandardCharsets.UTF_8);
    for (byte one : bytes) {
      splitter.write(new byte[] {one}, 0, 1);
    }
    assertThat(lines).containsExactly("é");
  }

  @Test
  void longLines_areCut() {
    write("x".repeat(40_000) + "\n");
    assertThat(lines).hasSize(3);
    assertThat(String.join("", lines)).isEqualTo("x".repeat(40_000));
  }

  @Test
  void printing_works_whenCapturingFails() {
    ByteArrayOutputStream real = new ByteArrayOutputStream();
    LineSplitter failing =
        new LineSplitter(
            StandardCharsets.UTF_8,
            line -> {
              throw new IllegalStateException(line);
            });
    PrintStream out =
        new PrintStream(
            new Tee(new PrintStream(real, true), failing), true, StandardCharsets.UTF_8);
    out.print("a\nb");
    out.flush();
    assertThat(real.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb");
  }

  private void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    splitter.write(bytes, 0, bytes.length);
  }
}
