package dev.telestep.store;

import static dev.telestep.store.Writes.await;
import static dev.telestep.store.Writes.end;
import static dev.telestep.store.Writes.free;
import static dev.telestep.store.Writes.now;
import static dev.telestep.store.Writes.point;
import static dev.telestep.store.Writes.request;
import static dev.telestep.store.Writes.start;
import static dev.telestep.store.Writes.steps;
import static dev.telestep.store.Writes.text;
import static dev.telestep.store.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import dev.telestep.model.WriteRequest;
import dev.telestep.store.StoreFixture.ShownPoint;
import dev.telestep.store.StoreFixture.ShownText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** What every run store does; an adapter's test extends it. Each test has a run of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RunStoreContract {

  private static final Duration SUMMARY_DELAY = Duration.ofSeconds(10);

  private StoreFixture store;
  private String run;

  /** Opens the store on an empty database. */
  protected abstract StoreFixture open() throws Exception;

  @BeforeAll
  void openStore() throws Exception {
    store = open();
  }

  @AfterAll
  void closeStore() {
    store.close();
  }

  @BeforeEach
  void nameRun(TestInfo test) {
    run = test.getTestMethod().orElseThrow().getName();
  }

  @Test
  void sameKeyAndStepTwiceInOneAttempt_theLastWriteWins() {
    write("a", steps("loss", 1, 0, 3, 2, 1));
    write("a", point("loss", 2, 9_000, 20));

    assertThat(points("loss"))
        .containsExactly(
            ShownPoint.of("a", 1L, 1000, 3),
            ShownPoint.of("a", 2L, 9000, 20),
            ShownPoint.of("a", 3L, 3000, 1));
    awaitMetric("loss", 3, 20.0, 1.0, 20.0);
  }

  @Test
  void olderWriteArrivesLater_theNewerOneStays() {
    write("a", point("loss", 2, 9_000, 20));
    write("a", point("loss", 2, 8_000, 10));

    assertThat(points("loss")).containsExactly(ShownPoint.of("a", 2L, 9000, 20));
    awaitMetric("loss", 1, 20.0, 20.0, 20.0);
  }

  @Test
  void equalTimes_theLaterArrivalWins() {
    write("a", point("loss", 2, 9_000, 20));
    write("a", point("loss", 2, 9_000, 10), point("loss", 2, 9_000, 30));

    assertThat(points("loss")).containsExactly(ShownPoint.of("a", 2L, 9000, 30));
  }

  @Test
  void laterAttemptLogsStepsAlreadyReached_itsPointsAreShownFromItsFirstStepOn() {
    write("one", start(1_000), steps("loss", 1, 0, 10, 9, 8, 7), steps("other", 1, 0, 1, 1, 1, 1));
    write("two", start(10_000), steps("loss", 3, 10_000, 80, 70));

    assertThat(points("loss")).extracting(ShownPoint::value).containsExactly(10.0, 9.0, 80.0, 70.0);
    assertThat(store.superseded(run, "loss"))
        .extracting(ShownPoint::value)
        .containsExactly(8.0, 7.0);
    assertThat(points("other")).as("superseding is per series").hasSize(4);
    awaitMetric("loss", 4, 70.0, 9.0, 80.0);
  }

  @Test
  void attemptsAreOrderedByTheirStart_notByArrival() {
    write("late", start(50_000), steps("loss", 3, 50_000, 80, 70));
    write("early", start(1_000), steps("loss", 1, 0, 10, 9, 8, 7));

    assertThat(points("loss")).extracting(ShownPoint::value).containsExactly(10.0, 9.0, 80.0, 70.0);
    assertThat(store.reader().attempts(run))
        .extracting(RunReader.Attempt::attempt)
        .containsExactly("early", "late");
    awaitMetric("loss", 4, 70.0, 9.0, 80.0);
  }

  @Test
  void startArrivesAfterThePoints_attemptsChangePlaces() {
    write("a", steps("loss", 1, 20_000, 1, 2));
    write("b", steps("loss", 1, 30_000, 3, 4));
    awaitMetric("loss", 2, 4.0, 3.0, 4.0);

    write("b", start(5));

    assertThat(points("loss")).extracting(ShownPoint::value).containsExactly(1.0, 2.0);
    awaitMetric("loss", 2, 2.0, 1.0, 2.0);
  }

  @Test
  void resumedAttemptGoesOn_summaryFollows() {
    write("one", start(1_000), steps("loss", 1, 0, 5, 4, 3));
    write("two", start(10_000), steps("loss", 3, 10_000, 30));
    awaitMetric("loss", 3, 30.0, 4.0, 30.0);

    write("two", steps("loss", 4, 10_000, 2, 1));

    awaitMetric("loss", 5, 1.0, 1.0, 30.0);
  }

  @Test
  void twoProcessesLogDifferentKeysAtOnce_neitherHidesTheOther() {
    RunWriter other = store.anotherWriter();
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      writes.add(store.writer().write(request(run, "one", point("train/loss", i, i * 10L, i))));
      writes.add(other.write(request(run, "two", point("val/loss", i, i * 10L + 1, -i))));
    }
    writes.forEach(Writes::await);

    assertThat(points("train/loss")).hasSize(50).allMatch(p -> p.value() > 0);
    assertThat(points("val/loss")).hasSize(50).allMatch(p -> p.value() < 0);
  }

  @Test
  void pointWithoutStep_itsIdentityIsItsTimeAndItsStepTheRunsNewestThen() {
    write("a", steps("loss", 10, 0, 1, 2, 3));
    write("a", free("gpu", 500, 1), free("gpu", 10_000, 2), free("gpu", 11_500, 3));
    write("a", free("gpu", 11_500, 4), free("gpu", 99_000, 5));

    assertThat(points("gpu"))
        .containsExactlyInAnyOrder(
            ShownPoint.of("a", null, 500, 1),
            ShownPoint.of("a", 10L, 10_000, 2),
            ShownPoint.of("a", 11L, 11_500, 4),
            ShownPoint.of("a", 12L, 99_000, 5));
    awaitMetric("gpu", 4, 5.0, 1.0, 5.0);
    assertThat(metric("gpu").lastStep()).isEqualTo(12L);
  }

  @Test
  void pointsWithoutStep_areNeverSuperseded() {
    write("one", start(1), free("gpu", 500, 1));
    write("two", start(100), free("gpu", 600, 2), point("gpu", 0, 650, 7));

    assertThat(points("gpu"))
        .extracting(ShownPoint::value)
        .containsExactlyInAnyOrder(1.0, 2.0, 7.0);
  }

  @Test
  void sameStepAndValueAgainLater_noNewPointAndTheFirstTimeStays() {
    write("a", point("loss", 7, 1_000, 0.5));
    write("a", point("loss", 7, 2_000, 0.5), point("loss", 7, 3_000, 0.5));

    assertThat(points("loss")).containsExactly(ShownPoint.of("a", 7L, 1_000, 0.5));

    write("a", point("loss", 7, 4_000, 0.6), point("loss", 7, 5_000, 0.5));

    assertThat(points("loss")).containsExactly(ShownPoint.of("a", 7L, 5_000, 0.5));
    awaitMetric("loss", 1, 0.5, 0.5, 0.5);
  }

  @Test
  void sameValueOfOtherBits_isANewWrite() {
    write("a", point("loss", 7, 1_000, 0.0));
    write("a", point("loss", 7, 2_000, -0.0));

    assertThat(points("loss")).containsExactly(ShownPoint.of("a", 7L, 2_000, -0.0));
  }

  @Test
  void stepsOutOfOrder_areAccepted() {
    write("a", point("loss", 5, 1_000, 5), point("loss", 1, 2_000, 1));
    write("a", point("loss", 3, 3_000, 3));

    assertThat(points("loss")).extracting(ShownPoint::step).containsExactly(1L, 3L, 5L);
    awaitMetric("loss", 3, 3.0, 1.0, 5.0);
  }

  @Test
  void nanAndInfinities_areStoredBitForBitAndCounted() {
    double strangeNan = Double.longBitsToDouble(0x7ff8dead0000beefL);
    double[] values = {
      1,
      Double.NaN,
      strangeNan,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      3,
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      Double.MIN_VALUE
    };
    write("a", steps("loss", 1, 0, values));

    assertThat(points("loss"))
        .extracting(ShownPoint::valueBits)
        .containsExactlyElementsOf(
            Arrays.stream(values).mapToObj(Double::doubleToRawLongBits).toList());
    RunReader.Metric metric = metric("loss");
    assertThat(metric.count()).isEqualTo(10);
    assertThat(metric.nonFinite()).isEqualTo(4);
    assertThat(metric.min()).isEqualTo(-Double.MAX_VALUE);
    assertThat(metric.max()).isEqualTo(Double.MAX_VALUE);
    assertThat(metric.mean()).isFinite();
    List<RunReader.CurvePoint> curve = store.reader().curve(run, "loss", "step", 100);
    assertThat(curve).hasSize(10);
    assertThat(curve.get(1).mean()).isNull();
    assertThat(curve.get(1).nonFinite()).isEqualTo(1);
  }

  @Test
  void lastValuesOfARun_areThoseOfMetricsWithPoints() {
    write("a", point("nan", 1, 1_000, Double.NaN), point("up", 1, 1_000, Double.POSITIVE_INFINITY));
    write("a", point("down", 1, 1_000, Double.NEGATIVE_INFINITY), point("zero", 1, 1_000, 0));
    write("a", point("gone", 1, 1_000, 7), new RunRecord.Reset(SeriesKey.metric("gone"), 2_000));
    write("a", text("note", 1, 1_000, "no number"));

    assertThat(found(run).metrics())
        .isEqualTo(
            Map.of(
                "nan", Double.NaN,
                "up", Double.POSITIVE_INFINITY,
                "down", Double.NEGATIVE_INFINITY,
                "zero", 0.0));
  }

  @Test
  void textAndBooleanValues_areTextPointsOfTheSameRules() {
    write("a", text("sample", 1, 1_000, "old"), text("sample", 1, 2_000, "new"));
    write("a", text("done", 2, 3_000, "true"), point("done", 2, 3_000, 1));
    write("a", text("sample", 1, 3_000, "new"), text("free", RunRecord.NO_STEP, 4_000, "x\0y"));

    assertThat(store.texts(run, "sample")).containsExactly(new ShownText(1L, 2_000, "new"));
    assertThat(store.texts(run, "done")).containsExactly(new ShownText(2L, 3_000, "true"));
    assertThat(store.texts(run, "free")).containsExactly(new ShownText(null, 4_000, "x\uFFFDy"));
    assertThat(points("done")).extracting(ShownPoint::value).containsExactly(1.0);
  }

  @Test
  void overwrite_hidesEverythingOlder() {
    write("a", steps("embedding", 1, 0, 1, 2, 3));
    write(
        "a",
        new RunRecord.Reset(SeriesKey.metric("embedding"), 10_000),
        free("embedding", 10_000, 7),
        free("embedding", 10_001, 8));
    write("a", steps("embedding", 4, 0, 9));

    assertThat(points("embedding")).extracting(ShownPoint::value).containsExactly(7.0, 8.0);
    awaitMetric("embedding", 2, 8.0, 7.0, 8.0);
  }

  @Test
  void singleValue_keepsOne() {
    for (int i = 1; i <= 20; i++) {
      write(
          "a",
          new RunRecord.Reset(SeriesKey.metric("best"), i * 1000L),
          point("best", i, i * 1000L, i));
    }

    assertThat(points("best")).containsExactly(ShownPoint.of("a", 20L, 20_000, 20));
    awaitMetric("best", 1, 20.0, 20.0, 20.0);
    assertThat(store.reader().attempts(run).get(0).rowsStored()).isEqualTo(20);
  }

  @Test
  void retryOfTheSameRequest_changesNothing() {
    WriteRequest first =
        request(run, "a", steps("loss", 1, 0, 3, 2, 1), new RunRecord.LogLine(5, 9, "", "hello"));
    await(store.writer().write(first));
    write("a", point("loss", 2, 2_000, 20));
    List<ShownPoint> before = points("loss");

    await(store.writer().write(first));
    await(store.anotherWriter().write(first));

    assertThat(points("loss")).isEqualTo(before);
    assertThat(metric("loss").count()).isEqualTo(3);
    assertThat(store.reader().logs(run, 0, 10)).hasSize(1);
  }

  @Test
  void sameContentUnderAnotherRequestId_changesNothing() {
    RunRecord[] records = {
      steps("loss", 1, 0, 3, 2, 1), text("note", 1, 5, "x"), new RunRecord.LogLine(5, 9, "", "line")
    };
    write("a", records);
    List<ShownPoint> before = points("loss");

    write("a", records);

    assertThat(points("loss")).isEqualTo(before);
    assertThat(store.texts(run, "note")).hasSize(1);
    assertThat(store.reader().logs(run, 0, 10)).hasSize(1);
    awaitMetric("loss", 3, 1.0, 1.0, 3.0);
  }

  @Test
  void requestThatCannotBeStored_failsAloneAndTheOthersAreStored() {
    List<CompletableFuture<Void>> good = new ArrayList<>();
    List<CompletableFuture<Void>> bad = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      good.add(store.writer().write(request(run, "a", point("loss", i, i, i))));
      if (i % 10 == 0) {
        bad.add(store.writer().write(request(run, "a", point("loss", -i, i, i))));
      }
    }
    good.forEach(Writes::await);

    assertThat(points("loss")).hasSize(40);
    assertThat(bad)
        .allSatisfy(
            future ->
                assertThatThrownBy(future::get)
                    .cause()
                    .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.INTERNAL)));
  }

  @Test
  void runNeverEndedAndSilent_isUnreachableUntilItSpeaksAgain() {
    long longAgo = now() - 60_000_000_000L;
    await(
        store
            .writer()
            .write(
                new WriteRequest(
                    UUID.randomUUID(),
                    longAgo,
                    List.of(
                        new RunWrite(run, "a", List.of(new RunRecord.Start(longAgo, 10_000)))))));
    assertThat(status()).isEqualTo("unreachable");

    write("a", new RunRecord.Heartbeat(now()));

    assertThat(status()).isEqualTo("running");
  }

  @Test
  void status_isThatOfTheNewestAttempt() {
    write("one", start(1_000), new RunRecord.End(2_000, "failed", "E", "out of memory", "stack"));
    assertThat(status()).isEqualTo("failed");
    assertThat(found(run).error()).isEqualTo("E: out of memory");

    write("two", start(3_000));
    assertThat(status()).isEqualTo("running");
    assertThat(found(run).error()).isNull();

    write("two", end(4_000, "finished"));
    assertThat(status()).isEqualTo("finished");
    assertThat(store.reader().attempts(run))
        .extracting(
            RunReader.Attempt::number, RunReader.Attempt::status, RunReader.Attempt::errorType)
        .containsExactly(tuple(1, "failed", "E"), tuple(2, "finished", null));
  }

  @Test
  void twoEndsOfOneAttempt_theLaterOneStaysInAnyOrder() {
    RunRecord.End closed = end(2_000, "finished");
    RunRecord.End thrown =
        new RunRecord.End(3_000, "failed", "java.lang.Error", "broke", "at Main.main");
    write("in order", start(1_000), closed);
    write("in order", thrown);
    write("reversed", start(1_001), thrown);
    write("reversed", closed);
    write("at once", start(1_002), thrown, closed);

    assertThat(store.reader().attempts(run))
        .extracting(
            RunReader.Attempt::status,
            RunReader.Attempt::errorType,
            RunReader.Attempt::errorMessage,
            RunReader.Attempt::endedAt)
        .hasSize(3)
        .containsOnly(tuple("failed", "java.lang.Error", "broke", Instant.ofEpochSecond(0, 3_000)));
  }

  @Test
  void run_isFoundByIdUnambiguousPrefixOrName() {
    String prefix = run + "/";
    for (int i = 1; i <= 4; i++) {
      Writes.write(store.writer(), prefix + "id-" + i, "a", start(i * 1_000L), name("twin"));
    }
    Writes.write(store.writer(), prefix + "id", "a", start(1), name("only " + run));
    Writes.write(store.writer(), prefix + "other", "a", start(2), name(prefix));
    Writes.write(store.writer(), prefix + "long", "a", start(3), name("long".repeat(2_000)));

    assertThat(ids(prefix + "id")).as("an id goes before longer ones").containsExactly("id");
    assertThat(ids(prefix + "id-3")).containsExactly("id-3");
    assertThat(ids(prefix + "o")).containsExactly("other");
    assertThat(ids("only " + run)).containsExactly("id");
    assertThat(ids("long".repeat(2_000))).containsExactly("long");
    assertThat(ids(prefix)).as("a name goes before many ids").containsExactly("other");
    assertThat(ids("twin")).as("newest first").containsExactly("id-4", "id-3", "id-2");
    assertThat(ids(prefix + "id-")).containsExactly("id-4", "id-3", "id-2");
    assertThat(ids("twi")).as("no beginning of a name").isEmpty();
    assertThat(ids(prefix + "%")).isEmpty();
    assertThat(ids("")).isEmpty();
  }

  @Test
  void facts_theNewestOfEachStays() {
    write(
        "a",
        new RunRecord.Info("new", null, "g", List.of("t1", "t2"), Map.of("host.name", "h"), 200),
        new RunRecord.Parameter("lr", "0.2", 200));
    write(
        "a",
        new RunRecord.Info("old", "proj", null, List.of(), Map.of("host.name", "older"), 100),
        new RunRecord.Parameter("lr", "0.1", 100),
        new RunRecord.Parameter("opt\0", "adam", 1));

    RunReader.Run found = found(run);
    assertThat(found.name()).isEqualTo("new");
    assertThat(found.project()).isEqualTo("proj");
    assertThat(found.group()).isEqualTo("g");
    assertThat(found.tags()).containsExactly("t1", "t2");
    assertThat(found.host()).isEqualTo("h");
    assertThat(found.parameters()).isEqualTo(Map.of("lr", "0.2", "opt\uFFFD", "adam"));
  }

  @Test
  void progress_isThatOfEpochsElseOfSteps_withAnEtaFromTheRate() {
    long t = now();
    write(
        "a",
        start(t),
        new RunRecord.Progress("overall_steps", 100, t),
        point("loss", 10, t + 1_000_000_000L, 1));
    write("a", point("loss", 20, t + 2_000_000_000L, 1));

    RunReader.Run found = found(run);
    assertThat(found.progress()).isEqualTo(0.2);
    assertThat(found.step()).isEqualTo(20);
    assertThat(found.etaSeconds()).isEqualTo(8.0);

    write(
        "a", new RunRecord.Progress("overall_epochs", 4, t), new RunRecord.Progress("epoch", 3, t));
    assertThat(found(run).progress()).isEqualTo(0.75);
  }

  @Test
  void logLines_areIdentifiedByContentAndCountedRepetition() {
    RunRecord.LogLine line = new RunRecord.LogLine(5, 9, "stdout", "same");
    write("a", line, line, new RunRecord.LogLine(4, 17, "stderr", "nul\0"));
    write("a", line, line);
    write("b", line);

    List<RunReader.Log> logs = store.reader().logs(run, 0, 10);
    assertThat(logs)
        .extracting(RunReader.Log::body)
        .containsExactly("same", "same", "nul\uFFFD", "same");
    List<RunReader.Log> rest = store.reader().logs(run, logs.get(1).cursor(), 1);
    assertThat(rest).extracting(RunReader.Log::severity).containsExactly(17);
  }

  @Test
  void rows_areCountedByTheirTimes() {
    write(
        "a",
        steps("x", 1, 0, 1, 2, 3),
        steps("y", 1, 0, 1, 2, 3),
        text("z", 9, 77, "only text"),
        new RunRecord.RowsLogged(5, 100));

    RunReader.Attempt attempt = store.reader().attempts(run).get(0);
    assertThat(attempt.rowsStored()).isEqualTo(4);
    assertThat(attempt.rowsLogged()).isEqualTo(5);
  }

  @Test
  void seriesOfOneKeyAndOtherAttributes_areApart() {
    for (String rank : List.of("0", "1")) {
      SeriesKey key =
          new SeriesKey(
              "loss", new TreeMap<>(Map.of("training.rank", rank)), SeriesKey.Kind.METRIC);
      write("a", new RunRecord.Numbers(key, new long[] {1}, new long[] {1}, new double[] {1}));
    }
    write("a", point("loss", 1, 1, 2));

    assertThat(store.reader().metrics(run))
        .extracting(RunReader.Metric::key)
        .containsExactly("loss", "loss{training.rank=0}", "loss{training.rank=1}");
  }

  @Test
  void curve_isBucketedOnWholeSteps_andCanUseOtherAxes() {
    double[] values = new double[1000];
    double[] epochs = new double[1000];
    for (int i = 0; i < 1000; i++) {
      values[i] = i;
      epochs[i] = Math.floorDiv(i, 100);
    }
    write("a", start(0), steps("loss", 0, 0, values), steps("epoch", 0, 0, epochs));

    List<RunReader.CurvePoint> bySteps = store.reader().curve(run, "loss", "step", 100);
    assertThat(bySteps).hasSize(100);
    assertThat(bySteps.get(3)).isEqualTo(new RunReader.CurvePoint(30, 34.5, 30.0, 39.0, 39.0, 0));
    assertThat(store.reader().curve(run, "loss", "epoch", 100))
        .extracting(RunReader.CurvePoint::x)
        .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
    assertThat(store.reader().curve(run, "epoch", "loss", 10)).hasSize(10);
    assertThat(store.reader().curve(run, "loss", "time", 10)).hasSize(10);
    assertThat(store.reader().curve(run, "unknown", "step", 10)).isEmpty();
    assertThat(store.reader().curve("unknown", "loss", "step", 10)).isEmpty();
    assertThat(store.reader().curve(run, "loss", "unknown", 10)).isEmpty();
  }

  @Test
  void restart_keepsEverything() {
    write("a", start(1), steps("loss", 1, 0, 3, 2, 1), text("note", 1, 1, "x"));
    List<ShownPoint> before = points("loss");

    store.restart();

    assertThat(points("loss")).isEqualTo(before).hasSize(3);
    write("a", steps("loss", 4, 0, 0.5));
    assertThat(metric("loss").count()).isEqualTo(4);
    assertThat(found(run.substring(0, run.length() - 1)).id()).isEqualTo(run);
  }

  @Test
  void concurrentWritersOfOneRun_loseAndDoubleNothing() {
    RunWriter other = store.anotherWriter();
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RunRecord.Numbers a = steps("k" + i % 7, i * 10L, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      WriteRequest request = request(run, "a", a, new RunRecord.LogLine(i, 9, "", "line " + i));
      writes.add((i % 2 == 0 ? store.writer() : other).write(request));
      if (i % 5 == 0) {
        writes.add((i % 2 == 1 ? store.writer() : other).write(request));
      }
    }
    writes.forEach(Writes::await);

    List<ShownPoint> all = new ArrayList<>();
    for (int k = 0; k < 7; k++) {
      all.addAll(points("k" + k));
    }
    assertThat(all).hasSize(2000).doesNotHaveDuplicates();
    assertThat(store.reader().logs(run, 0, 1000)).hasSize(200);
    await()
        .atMost(SUMMARY_DELAY)
        .untilAsserted(
            () ->
                assertThat(
                        store.reader().metrics(run).stream()
                            .mapToLong(RunReader.Metric::count)
                            .sum())
                    .isEqualTo(2000));
  }

  @Test
  void anyOrderOfRequests_givesTheSameResultAsTheRulesSay() {
    for (int round = 0; round < 6; round++) {
      Random random = new Random(round);
      String shuffled = run + round;
      Oracle oracle = new Oracle();
      List<WriteRequest> requests = oracle.requests(shuffled, random);
      Collections.shuffle(requests, random);
      RunWriter other = round % 2 == 0 ? store.writer() : store.anotherWriter();
      List<CompletableFuture<Void>> writes = new ArrayList<>();
      for (WriteRequest request : requests) {
        writes.add((random.nextBoolean() ? other : store.writer()).write(request));
        if (random.nextInt(3) == 0) {
          writes.forEach(Writes::await);
        }
        if (random.nextInt(10) == 0) {
          writes.add(other.write(request));
        }
      }
      writes.forEach(Writes::await);

      List<ShownPoint> expected = oracle.shown();
      assertThat(store.points(shuffled, "loss"))
          .as("round %s", round)
          .containsExactlyInAnyOrderElementsOf(expected);
      double max = expected.stream().mapToDouble(ShownPoint::value).max().orElseThrow();
      await()
          .atMost(SUMMARY_DELAY)
          .untilAsserted(
              () -> {
                RunReader.Metric metric = store.reader().metrics(shuffled).get(0);
                assertThat(metric.count()).isEqualTo(expected.size());
                assertThat(metric.max()).isEqualTo(max);
              });
    }
  }

  private void write(String attempt, RunRecord... records) {
    Writes.write(store.writer(), run, attempt, records);
  }

  private List<ShownPoint> points(String key) {
    return store.points(run, key);
  }

  private RunReader.Run found(String idOrPrefix) {
    List<RunReader.Run> found = store.reader().find(idOrPrefix, 2);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** What is behind the slash of the ids of the first three runs found. */
  private List<String> ids(String text) {
    return store.reader().find(text, 3).stream()
        .map(found -> found.id().substring(found.id().indexOf('/') + 1))
        .toList();
  }

  private static RunRecord.Info name(String name) {
    return new RunRecord.Info(name, null, null, List.of(), Map.of(), 1);
  }

  private String status() {
    return found(run).status();
  }

  private RunReader.Metric metric(String key) {
    return store.reader().metrics(run).stream()
        .filter(m -> m.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private void awaitMetric(String key, long count, double last, double min, double max) {
    await()
        .atMost(SUMMARY_DELAY)
        .untilAsserted(
            () -> {
              RunReader.Metric metric = metric(key);
              assertThat(metric.count()).isEqualTo(count);
              assertThat(metric.last()).isEqualTo(last);
              assertThat(metric.min()).isEqualTo(min);
              assertThat(metric.max()).isEqualTo(max);
            });
  }
}
