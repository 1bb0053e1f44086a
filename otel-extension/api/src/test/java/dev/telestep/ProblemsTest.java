package dev.telestep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  private final List<String> said = new ArrayList<>();
  private final Logger logger = Logger.getLogger("dev.telestep");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          said.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
  }

  @Test
  void problems_areSaidOnceAMinute_andTheRestAtTheEnd() {
    Problems problems = new Problems("run a");
    problems.report(1, () -> "first");
    problems.report(2, () -> "second");
    assertThat(said)
        .containsExactly("run a: not recorded: 1 since last said, 1 in all; the last: first");
    problems.flush();
    problems.flush();
    assertThat(said).hasSize(2).last().asString().contains("2 since last said, 3 in all");
  }
}
