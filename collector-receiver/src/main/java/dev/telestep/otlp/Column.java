package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.model.SeriesKey;
import java.util.Arrays;

/** The numbers of one series while a request is read. */
final class Column {

  private final SeriesKey series;
  private long[] steps = new long[8];
  private long[] times = new long[8];
  private double[] values = new double[8];
  private int size;

  Column(SeriesKey series) {
    this.series = series;
  }

  void add(long step, long time, double value) {
    if (size == steps.length) {
      int capacity = size * 2;
      steps = Arrays.copyOf(steps, capacity);
      times = Arrays.copyOf(times, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    steps[size] = step;
    times[size] = time;
    values[size] = value;
    size++;
  }

  RunRecord.Numbers toRecord() {
    return new RunRecord.Numbers(
        series,
        Arrays.copyOf(steps, size),
        Arrays.copyOf(times, size),
        Arrays.copyOf(values, size));
  }
}
