package dev.telestep.otlp;

import static dev.telestep.otlp.Otlp.NOW;
import static dev.telestep.otlp.Otlp.RUN;
import static dev.telestep.otlp.Otlp.event;
import static dev.telestep.otlp.Otlp.gauge;
import static dev.telestep.otlp.Otlp.point;
import static dev.telestep.otlp.Otlp.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The design's rules for what comes in, as far as they are decided before the store. */
class DesignRulesTest {

  private static final Map<String, Object> NONE = Map.of();

  @Test
  void stepGaugeBesideMetrics_stampedTogether_isTheirStep() {
    // Python
    Decoded decoded =
        Otlp.metrics(
            RUN,
            gauge("loss", point(NOW, 0.5, NONE)),
            gauge("accuracy", point(NOW, 0.9, NONE)),
            gauge("step", point(NOW, 7L, NONE)));

    assertThat(points(decoded)).containsExactly("loss@7=0.5", "accuracy@7=0.9");
  }

  @Test
  void stepGaugeBesideMetrics_stampedApart_isOneRowAtTheStepsTime() {
    // Go stamps each metric apart
    Decoded decoded =
        Otlp.metrics(
            RUN,
            gauge("loss", point(NOW + 1, 0.5, NONE)),
            gauge("training.step", point(NOW + 2, 7L, NONE)),
            gauge("accuracy", point(NOW + 3, 0.9, NONE)));

    assertThat(points(decoded)).containsExactly("loss@7=0.5", "accuracy@7=0.9");
    assertThat(numbers(decoded)).allSatisfy(n -> assertThat(n.times()).containsExactly(NOW + 2));
  }

  @Test
  void stepGaugeBesideMetrics_asADouble_isAWholeStep() {
    // JavaScript
    Decoded decoded =
        Otlp.metrics(
            RUN, gauge("loss", point(NOW, 0.5, NONE)), gauge("step", point(NOW, 4.0, NONE)));

    assertThat(points(decoded)).containsExactly("loss@4=0.5");
  }

  @Test
  void stepGaugeBesideMetrics_ofAnotherScope_isNotTheirs() {
    Decoded decoded = Otlp.metrics(RUN, gauge("loss", point(NOW, 0.5, NONE)));

    assertThat(points(decoded)).containsExactly("loss@none=0.5");
  }

  @Test
  void singleStepPoint_doesNotCollapseASeriesOfSeveralPoints() {
    Decoded decoded =
        Otlp.metrics(
            RUN,
            gauge("loss", point(NOW, 0.5, NONE), point(NOW + 1, 0.4, NONE)),
            gauge("step", point(NOW + 1, 4L, NONE)));

    assertThat(points(decoded)).containsExactly("loss@none=0.5", "loss@4=0.4");
  }

  @Test
  void stepOfARow_isThePointOfItsTimestamp() {
    Decoded decoded =
        Otlp.metrics(
            RUN,
            gauge(
                "training.metric",
                row(NOW, "loss", 0.5),
                row(NOW, "step", 1),
                row(NOW + 1, "step", 2),
                row(NOW + 1, "loss", 0.4)));

    assertThat(points(decoded)).containsExactly("loss@1=0.5", "loss@2=0.4");
    assertThat(decoded.rows()).isEqualTo(2);
  }

  @Test
  void singleStepPoint_isTheStepOfARowStampedApart() {
    Decoded decoded =
        Otlp.metrics(RUN, gauge("training.metric", row(NOW, "step", 3), row(NOW + 1, "loss", 0.5)));

    assertThat(points(decoded)).containsExactly("loss@3=0.5");
    assertThat(numbers(decoded).get(0).times()).containsExactly(NOW + 1);
  }

  @Test
  void stepsOfTwoRanks_stayApart() {
    Decoded decoded =
        Otlp.metrics(
            RUN,
            gauge(
                "loss",
                point(NOW, 0.5, Map.of("training.rank", 0)),
                point(NOW, 0.6, Map.of("training.rank", 1))),
            gauge(
                "step",
                point(NOW, 10L, Map.of("training.rank", 0)),
                point(NOW, 11L, Map.of("training.rank", 1))));

    assertThat(points(decoded))
        .containsExactly("loss{training.rank=0}@10=0.5", "loss{training.rank=1}@11=0.6");
  }

  @Test
  void stepAttribute_isLiftedOutOfTheSeries() {
    for (String name : List.of("step", "training.step", "megatron.iteration", "trainer.step")) {
      Decoded decoded =
          Otlp.metrics(RUN, gauge("loss", point(NOW, 0.5, Map.of(name, 12, "stage", "a"))));

      assertThat(points(decoded)).containsExactly("loss{stage=a}@12=0.5");
    }
  }

  @Test
  void noStep_isKeptAsNone() {
    assertThat(points(Otlp.metrics(RUN, gauge("loss", point(NOW, 0.5, NONE)))))
        .containsExactly("loss@none=0.5");
    assertThat(points(Otlp.logs(RUN, event("training.metrics", NOW, NONE, Map.of("loss", 0.5)))))
        .containsExactly("loss@none=0.5");
  }

  @Test
  void nanAndInfinities_keepTheirBits() {
    long[] bits = {
      0x7ff8000000000123L,
      Double.doubleToRawLongBits(Double.POSITIVE_INFINITY),
      Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY),
      Double.doubleToRawLongBits(-0.0)
    };
    for (long expected : bits) {
      double value = Double.longBitsToDouble(expected);
      Decoded decoded = Otlp.metrics(RUN, gauge("training.metric", row(NOW, "loss", value)));

      assertThat(Double.doubleToRawLongBits(numbers(decoded).get(0).values()[0]))
          .isEqualTo(expected);
    }
  }

  @Test
  void textAndBooleanValues_areTextPoints_booleansAlsoNumbers() {
    Decoded decoded =
        Otlp.logs(
            RUN,
            event("training.metrics", NOW, Map.of("training.step", 3), Map.of("phase", "warm")),
            event("training.metrics", NOW, Map.of("training.step", 3), Map.of("frozen", true)));

    assertThat(records(decoded))
        .contains(
            new RunRecord.Text(SeriesKey.metric("phase"), 3, NOW, "warm"),
            new RunRecord.Text(SeriesKey.metric("frozen"), 3, NOW, "true"));
    assertThat(points(decoded)).containsExactly("frozen@3=1.0");
  }

  @Test
  void listOfValues_becomesConsecutivePoints() {
    Decoded decoded =
        Otlp.logs(
            RUN,
            event(
                "training.metrics",
                NOW,
                Map.of("training.step", 3),
                Map.of("loss", List.of(0.5, 0.4, 1))));

    assertThat(points(decoded)).containsExactly("loss@3=0.5", "loss@4=0.4", "loss@5=1.0");
    assertThat(numbers(decoded).get(0).times()).containsExactly(NOW, NOW + 1, NOW + 2);
  }

  @Test
  void overwrite_hidesWhatIsOlderThanTheFirstOfTheList() {
    Decoded decoded =
        Otlp.logs(
            RUN,
            event(
                "training.metrics",
                NOW,
                Map.of("training.overwrite", true),
                Map.of("loss", List.of(0.5, 0.4))));

    assertThat(records(decoded)).contains(new RunRecord.Reset(SeriesKey.metric("loss"), NOW));
  }

  @Test
  void singleValue_hidesAllButTheLast() {
    Decoded decoded =
        Otlp.logs(
            RUN,
            event(
                "training.metrics",
                NOW,
                Map.of("training.single_value", true),
                Map.of("best", List.of(0.5, 0.4))));

    assertThat(records(decoded)).contains(new RunRecord.Reset(SeriesKey.metric("best"), NOW + 1));
  }

  @Test
  void negativeStep_rejectsItsRowAndKeepsTheRest() {
    Decoded metrics =
        Otlp.metrics(
            RUN,
            gauge(
                "training.metric",
                row(NOW, "loss", 0.5),
                row(NOW, "step", -3),
                row(NOW + 1, "loss", 0.4),
                row(NOW + 1, "step", 4)));
    Decoded logs =
        Otlp.logs(
            RUN,
            event("training.metrics", NOW, Map.of("training.step", -3), Map.of("loss", 0.5)),
            event("training.metrics", NOW + 1, Map.of("training.step", 4), Map.of("loss", 0.4)));

    assertThat(points(metrics)).containsExactly("loss@4=0.4");
    assertThat(metrics.rejected()).isEqualTo(2);
    assertThat(metrics.message()).contains("step must not be negative: -3.0");
    assertThat(points(logs)).containsExactly("loss@4=0.4");
    assertThat(logs.rejected()).isEqualTo(1);
    assertThat(logs.message()).isEqualTo("training.step must not be negative: -3");
  }

  @Test
  void fractionalStep_isRejectedByName() {
    Decoded decoded = Otlp.metrics(RUN, gauge("loss", point(NOW, 0.5, Map.of("step", 1.5))));

    assertThat(points(decoded)).isEmpty();
    assertThat(decoded.message()).isEqualTo("step must be a whole number: 1.5");
  }

  @Test
  void emptyKey_isRejectedAndTheRestKept() {
    Decoded decoded =
        Otlp.metrics(RUN, gauge("training.metric", row(NOW, "", 0.5), row(NOW, "loss", 0.4)));

    assertThat(points(decoded)).containsExactly("loss@none=0.4");
    assertThat(decoded.reasons()).containsEntry(RejectionReason.EMPTY_KEY, 1L);
  }

  @Test
  void keyOver512Bytes_isRejectedAndTheRestKept() {
    String fits = "é".repeat(256);
    Decoded decoded =
        Otlp.logs(RUN, event("training.metrics", NOW, NONE, Map.of(fits, 0.5, fits + "x", 0.4)));

    assertThat(points(decoded)).containsExactly(fits + "@none=0.5");
    assertThat(decoded.reasons()).containsEntry(RejectionReason.KEY_TOO_LONG, 1L);
    assertThat(decoded.message()).hasSizeLessThan(250);
  }

  @Test
  void timestampMoreThanADayAhead_isRejectedAndTheRestKept() {
    long day = TimeUnit.DAYS.toNanos(1);
    Decoded decoded =
        Otlp.metrics(
            RUN,
            gauge(
                "training.metric",
                row(NOW + day, "loss", 0.5),
                row(NOW + day + 1, "loss", 0.4),
                row(-1, "loss", 0.3)));

    assertThat(points(decoded)).containsExactly("loss@none=0.5");
    assertThat(decoded.reasons()).containsEntry(RejectionReason.TIME_AHEAD, 2L);
  }

  @Test
  void noRunId_isRejectedForTraining_andIgnoredForTheRest() {
    Decoded metrics =
        Otlp.metrics(
            NONE,
            gauge("training.metric", row(NOW, "loss", 0.5)),
            gauge("system.cpu.time", point(NOW, 1, NONE)));
    Decoded logs =
        Otlp.logs(
            NONE,
            event("training.metrics", NOW, NONE, Map.of("loss", 0.5)),
            LogRecord.newBuilder().setTimeUnixNano(NOW).build());

    assertThat(List.of(metrics, logs))
        .allSatisfy(
            decoded -> {
              assertThat(decoded.request().runs()).isEmpty();
              assertThat(decoded.rejected()).isEqualTo(1);
              assertThat(decoded.ignored()).isEqualTo(1);
              assertThat(decoded.message()).contains("needs training.run.id");
            });
  }

  @Test
  void tooLongRunId_isRejected() {
    Decoded decoded =
        Otlp.metrics(
            Map.of("training.run.id", "r".repeat(257)), gauge("loss", point(NOW, 0.5, NONE)));

    assertThat(decoded.request().runs()).isEmpty();
    assertThat(decoded.reasons()).containsEntry(RejectionReason.RUN_ID_TOO_LONG, 1L);
  }

  @Test
  void runAndAttempt_areThoseOfThePointThenTheScopeThenTheResource() {
    Map<String, Object> resource =
        Map.of("training.run.id", "outer", "training.run.attempt", "outer-1");
    Metric[] metrics = {
      gauge(
          "loss",
          point(NOW, 1, Map.of("training.run.id", "own", "training.run.attempt", "own-1")),
          point(NOW, 2, Map.of("training.run.id", "own")),
          point(NOW, 3, NONE))
    };

    assertThat(runs(Otlp.metrics(resource, metrics)))
        .containsExactly("own/own-1", "own/", "outer/outer-1");
    assertThat(runs(Otlp.metrics(resource, Map.of("training.run.id", "scope"), metrics)))
        .containsExactly("own/own-1", "own/", "scope/outer-1");
  }

  @Test
  void countersOfTheMachine_areOfTheirHostAndNoPartOfARow() {
    Map<String, Object> resource =
        Map.of("training.run.id", "r1", "host.name", "node-1", "training.rank", 2);
    Decoded decoded =
        Otlp.metrics(
            resource,
            gauge("system.cpu.utilization", point(NOW, 0.5, Map.of("cpu", 3))),
            gauge("loss", point(NOW, 0.25, NONE)),
            gauge("step", point(NOW, 8L, NONE)));

    assertThat(points(decoded))
        .containsExactly(
            "system.cpu.utilization{cpu=3, host.name=node-1, training.rank=2}@none=0.5",
            "loss{training.rank=2}@8=0.25");
    assertThat(numbers(decoded))
        .extracting(n -> n.series().kind())
        .containsExactly(SeriesKey.Kind.RESOURCE, SeriesKey.Kind.METRIC);
  }

  @Test
  void allPointsRejected_makesNoRun() {
    Decoded decoded =
        Otlp.metrics(
            Map.of("training.run.id", "r1", "host.name", "node-1"),
            gauge("training.metric", row(NOW, "", 0.5)));

    assertThat(decoded.request().runs()).isEmpty();
  }

  @Test
  void retryOfTheSameRequest_hasTheSameId() {
    byte[] body = {1, 2, 3};

    assertThat(RequestIds.of(Signal.METRICS, body))
        .isEqualTo(RequestIds.of(Signal.METRICS, body.clone()))
        .isNotEqualTo(RequestIds.of(Signal.LOGS, body));
  }

  private static List<RunRecord> records(Decoded decoded) {
    return decoded.request().runs().stream().flatMap(run -> run.records().stream()).toList();
  }

  private static List<RunRecord.Numbers> numbers(Decoded decoded) {
    return records(decoded).stream()
        .filter(RunRecord.Numbers.class::isInstance)
        .map(RunRecord.Numbers.class::cast)
        .toList();
  }

  private static List<String> points(Decoded decoded) {
    List<String> points = new ArrayList<>();
    for (RunRecord.Numbers numbers : numbers(decoded)) {
      SeriesKey series = numbers.series();
      String name =
          series.attributes().isEmpty() ? series.key() : series.key() + series.attributes();
      for (int i = 0; i < numbers.values().length; i++) {
        long step = numbers.steps()[i];
        points.add(
            name
                + "@"
                + (step == RunRecord.NO_STEP ? "none" : Long.toString(step))
                + "="
                + numbers.values()[i]);
      }
    }
    return points;
  }

  private static List<String> runs(Decoded decoded) {
    return decoded.request().runs().stream().map(DesignRulesTest::name).toList();
  }

  private static String name(RunWrite run) {
    return run.runId() + "/" + run.attempt();
  }
}
