package dev.telestep.examples.compose;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import dev.telestep.model.WriteRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

/** A finished run of a hundred steps, as the receiver hands it to the store. */
final class ExampleRun {

  static final int STEPS = 100;

  private static final long SECOND = 1_000_000_000L;

  private ExampleRun() {}

  /**
   * A run that began at a time and took a second per step.
   *
   * @param learningRate what tells it from other runs
   */
  static WriteRequest of(String id, Instant start, double learningRate) {
    long begin = start.getEpochSecond() * SECOND;
    long[] steps = LongStream.range(0, STEPS).toArray();
    long[] times = LongStream.range(0, STEPS).map(step -> begin + step * SECOND).toArray();
    double[] losses = new double[STEPS];
    double[] epochs = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      losses[step] = Math.exp(-step * learningRate);
      epochs[step] = Math.floorDiv(step, 10);
    }
    losses[50] = Double.NaN;
    long end = begin + STEPS * SECOND;
    List<RunRecord> records =
        List.of(
            new RunRecord.Start(begin, 10_000),
            new RunRecord.Info(
                id, "compose", "grid", List.of("it's"), Map.of("host.name", "node-1"), begin),
            new RunRecord.Parameter("learning_rate", String.valueOf(learningRate), begin),
            new RunRecord.Numbers(SeriesKey.metric("loss"), steps, times, losses),
            new RunRecord.Numbers(SeriesKey.metric("epoch"), steps, times, epochs),
            new RunRecord.Text(SeriesKey.metric("note"), 7, times[7], "text 'quoted'"),
            new RunRecord.LogLine(times[1], 9, "stdout", "epoch 0 of 10"),
            new RunRecord.Progress("epoch", 10, end),
            new RunRecord.Progress("overall_epochs", 10, begin),
            new RunRecord.RowsLogged(STEPS, end),
            new RunRecord.End(end, "finished", null, null, null));
    UUID request = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    return new WriteRequest(request, end, List.of(new RunWrite(id, "first", records)));
  }
}
