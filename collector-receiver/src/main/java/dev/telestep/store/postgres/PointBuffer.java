package dev.telestep.store.postgres;

import dev.telestep.model.RunRecord;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the points of one series and attempt, all with steps or all without.
 *
 * <p>Of several points of one identity and one time the last to arrive stays. Other writes of one
 * identity all stay: which of them is shown also depends on what other requests say, and only if
 * nothing is dropped does the result not depend on the order in which requests arrive.
 */
final class PointBuffer {

  private final boolean stepped;
  private long[] steps = new long[16];
  private long[] times = new long[16];
  private double[] values = new double[16];
  private int size;
  private boolean sorted = true;

  PointBuffer(boolean stepped) {
    this.stepped = stepped;
  }

  void add(long step, long time, double value) {
    if (size == times.length) {
      int capacity = size * 2;
      steps = Arrays.copyOf(steps, capacity);
      times = Arrays.copyOf(times, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    if (size > 0) {
      sorted &= stepped ? step > steps[size - 1] : time > times[size - 1];
    }
    steps[size] = stepped ? step : RunRecord.NO_STEP;
    times[size] = time;
    values[size] = value;
    size++;
  }

  /** Null when there are none. */
  @Nullable Points build() {
    if (size == 0) {
      return null;
    }
    if (!sorted) {
      sort();
    }
    return new Points(
        stepped ? Arrays.copyOf(steps, size) : null,
        Arrays.copyOf(times, size),
        Arrays.copyOf(values, size));
  }

  private void sort() {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    // The sort is stable: of equal ones the later arrival comes last.
    Arrays.sort(
        order, Comparator.<Integer>comparingLong(i -> steps[i]).thenComparingLong(i -> times[i]));
    long[] sortedSteps = new long[size];
    long[] sortedTimes = new long[size];
    double[] sortedValues = new double[size];
    int kept = 0;
    for (int i : order) {
      boolean same =
          kept > 0 && sortedSteps[kept - 1] == steps[i] && sortedTimes[kept - 1] == times[i];
      int at = same ? kept - 1 : kept++;
      sortedSteps[at] = steps[i];
      sortedTimes[at] = times[i];
      sortedValues[at] = values[i];
    }
    steps = sortedSteps;
    times = sortedTimes;
    values = sortedValues;
    size = kept;
    sorted = true;
  }
}
