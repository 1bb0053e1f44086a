package dev.telestep.store;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import dev.telestep.model.WriteRequest;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Short ways to say what tests write. */
public final class Writes {

  private Writes() {}

  public static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }

  public static WriteRequest request(String run, String attempt, RunRecord... records) {
    return new WriteRequest(
        UUID.randomUUID(), now(), List.of(new RunWrite(run, attempt, List.of(records))));
  }

  public static void write(RunWriter writer, String run, String attempt, RunRecord... records) {
    await(writer.write(request(run, attempt, records)));
  }

  public static void await(CompletableFuture<Void> future) {
    try {
      future.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the write was not acknowledged", e);
    }
  }

  public static RunRecord.Numbers point(String key, long step, long time, double value) {
    return new RunRecord.Numbers(
        SeriesKey.metric(key), new long[] {step}, new long[] {time}, new double[] {value});
  }

  /** A point without a step. */
  public static RunRecord.Numbers free(String key, long time, double value) {
    return point(key, RunRecord.NO_STEP, time, value);
  }

  /**
   * Steps {@code first}, {@code first + 1}, … whose times are the step times 1,000 plus an offset.
   */
  public static RunRecord.Numbers steps(String key, long first, long timeOffset, double... values) {
    long[] steps = new long[values.length];
    long[] times = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      steps[i] = first + i;
      times[i] = timeOffset + steps[i] * 1000;
    }
    return new RunRecord.Numbers(
        SeriesKey.metric(key), steps, times, Arrays.copyOf(values, values.length));
  }

  public static RunRecord.Text text(String key, long step, long time, String value) {
    return new RunRecord.Text(SeriesKey.metric(key), step, time, value);
  }

  public static RunRecord.Start start(long time) {
    return new RunRecord.Start(time, 10_000);
  }

  public static RunRecord.End end(long time, String status) {
    return new RunRecord.End(time, status, null, null, null);
  }
}
