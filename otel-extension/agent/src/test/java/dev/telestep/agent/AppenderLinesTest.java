package dev.telestep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;

class AppenderLinesTest {

  private final List<String> kept = new ArrayList<>();
  private final AppenderLines lines = new AppenderLines();
  private final PrintStream captured =
      new PrintStream(
          new Tee(
              new PrintStream(new ByteArrayOutputStream()),
              new LineSplitter(
                  StandardCharsets.UTF_8, line -> lines.printed(line, () -> kept.add(line)))),
          true,
          StandardCharsets.UTF_8);
  private final StreamHandler appender = new StreamHandler(captured, new SimpleFormatter());

  @Test
  void linesOfRecords_areNotKept_whicheverComesFirst() {
    append("printed first");
    lines.recorded("printed first");
    lines.recorded("recorded first");
    append("recorded first");
    lines.flush();
    assertThat(kept).isEmpty();
  }

  @Test
  void printedLines_areKept_evenOfTheSameText() {
    lines.recorded("epoch");
    captured.println("epoch");
    assertThat(kept).containsExactly("epoch");
  }

  @Test
  void linesOfAppenders_areKept_whenNoRecordComes() {
    for (int i = 0; i < 10; i++) {
      append("message " + i);
    }
    lines.flush();
    assertThat(kept).hasSize(20).anyMatch(line -> line.endsWith("message 9"));
  }

  private void append(String message) {
    appender.publish(new LogRecord(Level.WARNING, message));
    appender.flush();
  }
}
