package dev.telestep.otlp;

import dev.telestep.model.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives the points of one scope the steps that came beside them as points of their own.
 *
 * <p>Points with the step point's timestamp are its row. Some SDKs stamp every metric of one export
 * apart, so where the process has a single step point in the scope, it is also the step of every
 * series that has a single point there; a stock gauge then takes the step point's timestamp, so
 * that the row has one. A series with several points is never paired by that guess: the same step
 * for all of them would leave one.
 */
final class StepPairing {

  private final Decoding decoding;
  private final List<Pending> pending = new ArrayList<>();
  private final Map<Producer, StepPoints> steps = new HashMap<>();

  StepPairing(Decoding decoding) {
    this.decoding = decoding;
  }

  void addStep(RunAssembly run, @Nullable String rank, long time, Step step) {
    steps.computeIfAbsent(new Producer(run, rank), key -> new StepPoints()).add(time, step);
  }

  void add(Pending point) {
    pending.add(point);
  }

  /** Hands all points to their runs. */
  void finish() {
    Map<SeriesOfRun, Integer> counts = steps.isEmpty() ? Map.of() : countPoints();
    for (Pending point : pending) {
      if (point.step() != null || steps.isEmpty()) {
        store(point, point.time(), point.step() == null ? Step.NONE : point.step());
        continue;
      }
      StepPoints known = steps.get(new Producer(point.run(), point.rank()));
      Step exact = known == null ? null : known.byTime.get(point.time());
      if (known == null) {
        store(point, point.time(), Step.NONE);
      } else if (exact != null) {
        store(point, point.time(), exact);
      } else if (known.byTime.size() == 1
          && counts.getOrDefault(new SeriesOfRun(point.run(), point.series()), 0) == 1) {
        Map.Entry<Long, Step> only = known.byTime.entrySet().iterator().next();
        store(point, point.stock() ? only.getKey() : point.time(), only.getValue());
      } else {
        store(point, point.time(), Step.NONE);
      }
    }
  }

  private Map<SeriesOfRun, Integer> countPoints() {
    Map<SeriesOfRun, Integer> counts = new HashMap<>();
    for (Pending point : pending) {
      if (point.step() == null) {
        counts.merge(new SeriesOfRun(point.run(), point.series()), 1, Integer::sum);
      }
    }
    return counts;
  }

  private void store(Pending point, long time, Step step) {
    Rejection fault = step.fault();
    if (fault != null) {
      if (!point.extra()) {
        decoding.rejections.add(fault);
      }
      return;
    }
    if (point.overwrites()) {
      point.run().reset(point.series(), time);
    }
    point.run().number(point.series(), step.value(), time, point.value());
    decoding.countPoint();
  }

  /**
   * A number whose step may stand beside it.
   *
   * @param rank rank of the process, null when it has none
   * @param step the step that the point itself names, null when it names none
   * @param stock whether it is a metric of the process's own rather than one of the encoding
   * @param extra whether it is a further part of a point that is counted already
   */
  record Pending(
      RunAssembly run,
      @Nullable String rank,
      SeriesKey series,
      long time,
      double value,
      @Nullable Step step,
      boolean overwrites,
      boolean stock,
      boolean extra) {}

  private record Producer(RunAssembly run, @Nullable String rank) {}

  private record SeriesOfRun(RunAssembly run, SeriesKey series) {}

  private static final class StepPoints {
    private final Map<Long, Step> byTime = new HashMap<>();

    void add(long time, Step step) {
      byTime.put(time, step);
    }
  }
}
