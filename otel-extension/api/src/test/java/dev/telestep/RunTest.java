package dev.telestep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunTest {

  private final Recorder recorder = new Recorder();
  private final Run run = recorder.start();

  @AfterEach
  void end() {
    run.close();
  }

  @Test
  void log_keepsValuesOfEveryKindExactly() {
    Map<String, Object> row = new TreeMap<>();
    row.put("double", 0.1);
    row.put("float", 0.1f);
    row.put("long", Long.MAX_VALUE);
    row.put("int", -3);
    row.put("decimal", new BigDecimal("2.5"));
    row.put("nan", Double.NaN);
    row.put("text", CharBuffer.wrap("warm-up"));
    row.put("flag", true);
    run.log(row);

    assertThat(recorder.bodies())
        .containsExactly(
            Map.of(
                "double",
                0.1,
                "float",
                (double) 0.1f,
                "long",
                Long.MAX_VALUE,
                "int",
                -3L,
                "decimal",
                2.5,
                "nan",
                Double.NaN,
                "text",
                "warm-up",
                "flag",
                true));
    assertThat(run.notRecorded()).isZero();
  }

  @Test
  void log_carriesTheRunItsAttemptAndTheRowNumber() {
    run.log(Map.of("loss", 1));
    run.log(Map.of("loss", 2));

    LogRecordData second = recorder.rows().get(1);
    assertThat(second.getAttributes().get(AttributeKey.stringKey(TrainingAttributes.RUN_ID)))
        .isEqualTo(run.id());
    assertThat(second.getAttributes().get(AttributeKey.stringKey(TrainingAttributes.RUN_ATTEMPT)))
        .isEqualTo(run.attempt());
    assertThat(Recorder.number(second, TrainingAttributes.ROW)).isEqualTo(2);
    assertThat(second.getTimestampEpochNanos())
        .isGreaterThan(recorder.rows().get(0).getTimestampEpochNanos());
  }

  @Test
  void step_countsFromZero_whenNoneIsGiven() {
    run.log(Map.of("loss", 1));
    run.log(Map.of("loss", 1));
    assertThat(recorder.steps()).containsExactly(0L, 1L);
  }

  @Test
  void step_movesTheCounterPastIt_whenExplicit() {
    run.log(Map.of("loss", 1), 10);
    run.log(Map.of("loss", 1));
    run.log(Map.of("loss", 1), 5);
    run.log(Map.of("loss", 1));
    assertThat(recorder.steps()).containsExactly(10L, 11L, 5L, 6L);
  }

  @Test
  void step_isReadFromTheRow_whenItHoldsAWholeNumber() {
    run.log(Map.of("loss", 1, "step", 7));
    run.log(Map.of("loss", 1, "step", 8.0));
    assertThat(recorder.steps()).containsExactly(7L, 8L);
    assertThat(recorder.bodies()).allSatisfy(body -> assertThat(body).containsOnlyKeys("loss"));
  }

  @Test
  void step_ofTheCallWins_overTheOneInTheRow() {
    run.log(Map.of("loss", 1, "step", 7), 3);
    assertThat(recorder.steps()).containsExactly(3L);
  }

  @Test
  void row_isNotRecordedButCounted_whenItsStepIsNegativeOrNone() {
    run.log(Map.of("loss", 1), -1);
    run.log(Map.of("loss", 1, "step", -2));
    run.log(Map.of("loss", 1, "step", 1.5));
    run.log(Map.of("loss", 1, "step", "three"));
    run.log(Map.of("loss", 1), Long.MAX_VALUE);
    assertThat(recorder.rows()).isEmpty();
    assertThat(run.notRecorded()).isEqualTo(5);
    run.log(Map.of("loss", 1));
    assertThat(recorder.steps()).containsExactly(0L);
  }

  @Test
  void badKeysAndValues_loseNothingElse() {
    Map<String, Object> row = new HashMap<>();
    row.put("good", 1.5);
    row.put("null", null);
    row.put("", 1);
    row.put(null, 1);
    row.put("object", new Object());
    row.put("x".repeat(513), 1);
    row.put("é".repeat(257), 1);
    row.put("é".repeat(256), 2);
    run.log(row);

    assertThat(recorder.bodies()).containsExactly(Map.of("good", 1.5, "é".repeat(256), 2L));
    assertThat(run.notRecorded()).isEqualTo(6);
  }

  @Test
  @SuppressWarnings("NullAway") // what Java callers can do in spite of the annotations
  void recording_neverThrows() {
    assertThatCode(
            () -> {
              run.log(null);
              run.logMetric(null, 1);
              run.logMetric("x", null, LogOptions.defaults());
              run.reportMetric(null, 1);
              run.reportParameter("x", null);
              run.parameter(null, null);
              run.parameters((Map<String, ?>) null);
              run.progress(Double.NaN, 1);
              run.progressSteps(-1, 5);
            })
        .doesNotThrowAnyException();
    assertThat(recorder.rows()).isEmpty();
    assertThat(run.notRecorded()).isEqualTo(9);
    run.fail(null);
    assertThat(Recorder.body(recorder.only(TrainingEvents.RUN_END)))
        .containsEntry("status", "failed");
  }

  @Test
  void list_becomesConsecutiveRows() {
    run.logMetric("loss", List.of(3, 2.5, 1), LogOptions.defaults().step(4).overwrite(true));
    run.log(Map.of("loss", new double[] {9, 8}, "note", "pair"));

    assertThat(recorder.steps()).containsExactly(4L, 5L, 6L, 7L, 8L);
    assertThat(recorder.bodies())
        .containsExactly(
            Map.of("loss", 3L),
            Map.of("loss", 2.5),
            Map.of("loss", 1L),
            Map.of("loss", 9.0, "note", "pair"),
            Map.of("loss", 8.0));
    AttributeKey<Boolean> overwrite = AttributeKey.booleanKey(TrainingAttributes.OVERWRITE);
    assertThat(recorder.rows())
        .extracting(row -> row.getAttributes().get(overwrite))
        .containsExactly(true, null, null, null, null);
  }

  @Test
  void list_skipsWhatIsNoNumber() {
    run.logMetric("loss", Arrays.asList(1, null, "two", 3), LogOptions.defaults());
    run.logMetric("empty", List.of(), LogOptions.defaults());
    assertThat(recorder.bodies()).containsExactly(Map.of("loss", 1L), Map.of("loss", 3L));
    assertThat(run.notRecorded()).isEqualTo(3);
  }

  @Test
  void singleValue_isMarked() {
    run.logMetric("best", 0.9, LogOptions.defaults().singleValue(true));
    assertThat(
            recorder
                .rows()
                .get(0)
                .getAttributes()
                .get(AttributeKey.booleanKey(TrainingAttributes.SINGLE_VALUE)))
        .isTrue();
  }

  @Test
  void reportMetric_sharesTheStep_whilePinned() {
    run.reportMetric("step", 100);
    run.reportMetric("loss", 0.5);
    run.reportMetric("accuracy", 0.6);
    run.log(Map.of("loss", 0.4));
    run.reportMetric("loss", 0.3);
    assertThat(recorder.steps()).containsExactly(100L, 100L, 100L, 101L);
  }

  @Test
  void parameters_ofMapsAndRecordsAreFlattened() {
    run.parameters(new Hyper(0.1, "adam", new Schedule(5)));
    run.parameter("layers", List.of(64, 32));

    List<LogRecordData> events = recorder.events(TrainingEvents.PARAMETERS);
    assertThat(Recorder.body(events.get(0)))
        .containsExactly(
            Map.entry("rate", 0.1),
            Map.entry("optimizer", "adam"),
            Map.entry("schedule.warmup", 5L));
    assertThat(Recorder.body(events.get(1))).containsExactly(Map.entry("layers", "[64, 32]"));
  }

  @Test
  void parameters_ofUnsupportedTypes_loseNothingElse() {
    run.parameters(Map.of("object", new Object(), "rate", 0.1));
    run.parameters("neither map nor record");
    assertThat(Recorder.body(recorder.only(TrainingEvents.PARAMETERS)))
        .containsExactly(Map.entry("rate", 0.1));
    assertThat(run.notRecorded()).isEqualTo(2);
  }

  @Test
  void progress_isSaid() {
    run.progress(2.5, 10);
    run.progressSteps(20, 80);
    assertThat(recorder.events(TrainingEvents.PROGRESS))
        .extracting(Recorder::body)
        .containsExactly(
            Map.of("epoch", 2.5, "overall_epochs", 10.0),
            Map.of("step", 20L, "overall_steps", 80L));
  }

  @Test
  void finish_endsOnce_andNothingComesAfter() {
    run.log(Map.of("loss", 1));
    run.finish();
    run.close();
    run.log(Map.of("loss", 2));
    run.progress(1, 2);

    assertThat(Recorder.body(recorder.only(TrainingEvents.RUN_END)))
        .isEqualTo(Map.of("status", "finished", "rows", 1L));
    assertThat(recorder.rows()).hasSize(1);
    assertThat(run.notRecorded()).isEqualTo(2);
  }

  @Test
  void fail_carriesTheException() {
    run.fail(new IllegalStateException("diverged"));
    LogRecordData end = recorder.only(TrainingEvents.RUN_END);
    assertThat(Recorder.body(end)).containsEntry("status", "failed");
    assertThat(end.getAttributes().get(AttributeKey.stringKey("exception.type")))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(end.getAttributes().get(AttributeKey.stringKey("exception.message")))
        .isEqualTo("diverged");
    assertThat(end.getAttributes().get(AttributeKey.stringKey("exception.stacktrace")))
        .contains("RunTest.fail_carriesTheException");
  }

  @Test
  void close_fails_whenNotFinished() {
    run.close();
    LogRecordData end = recorder.only(TrainingEvents.RUN_END);
    assertThat(Recorder.body(end)).containsEntry("status", "failed");
    assertThat(end.getAttributes().get(AttributeKey.stringKey("exception.message")))
        .contains("without finish()");
  }

  @Test
  void rows_areInOrderAndComplete_whenLoggedByManyThreads() throws InterruptedException {
    int threads = 8;
    int perThread = 2_000;
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int worker = t;
      Thread thread =
          new Thread(
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                for (int i = 0; i < perThread; i++) {
                  run.log(Map.of("value", worker * perThread + i));
                }
              });
      thread.start();
      workers.add(thread);
    }
    go.countDown();
    for (Thread worker : workers) {
      worker.join();
    }

    List<LogRecordData> rows = recorder.rows();
    assertThat(rows).hasSize(threads * perThread);
    assertThat(rows)
        .extracting(LogRecordData::getTimestampEpochNanos)
        .isSortedAccordingTo(Comparator.naturalOrder())
        .doesNotHaveDuplicates();
    Set<Object> values = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(Recorder.step(rows.get(i))).isEqualTo(i);
      assertThat(Recorder.number(rows.get(i), TrainingAttributes.ROW)).isEqualTo(i + 1);
      values.add(Recorder.body(rows.get(i)).get("value"));
    }
    assertThat(values).hasSize(threads * perThread);
  }

  @Test
  void timestamps_areWholeMillisecondsApart_whenAsked() {
    try (Run spaced =
        Recorder.builder(Map.of())
            .openTelemetry(recorder.sdk)
            .wholeMillisecondTimestamps(true)
            .start()) {
      for (int i = 0; i < 50; i++) {
        spaced.log(Map.of("x", i));
      }
    }
    List<Long> times = new ArrayList<>();
    recorder.rows().forEach(row -> times.add(row.getTimestampEpochNanos()));
    assertThat(times).allMatch(time -> time % 1_000_000 == 0).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void everything_isHarmless_withoutAnSdk() {
    try (Run idle = Recorder.builder(Map.of()).openTelemetry(OpenTelemetry.noop()).start()) {
      idle.log(Map.of("x", 1));
      idle.parameters(Collections.singletonMap("a", 1));
      idle.finish();
      assertThat(idle.notRecorded()).isZero();
    }
  }

  record Hyper(double rate, String optimizer, Schedule schedule) {}

  record Schedule(int warmup) {}
}
