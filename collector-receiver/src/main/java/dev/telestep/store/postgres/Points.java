package dev.telestep.store.postgres;

import org.jspecify.annotations.Nullable;

/**
 * Points of one series and attempt as a chunk holds them: sorted by step, then time (by time where
 * they have no step), no two of one identity and one time.
 *
 * @param steps null: the points have no steps
 */
@SuppressWarnings("ArrayRecordComponent") // columns on the hot path; never compared
record Points(long @Nullable [] steps, long[] times, double[] values) {

  int size() {
    return times.length;
  }

  long firstNanos() {
    long first = times[0];
    for (long time : times) {
      first = Math.min(first, time);
    }
    return first;
  }

  long lastNanos() {
    long last = times[0];
    for (long time : times) {
      last = Math.max(last, time);
    }
    return last;
  }
}
