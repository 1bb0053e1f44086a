package dev.telestep.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.telestep.Run;
import dev.telestep.Telestep;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cost of {@code Run.log} with five metrics on the thread of the caller: CPU nanoseconds, wall
 * nanoseconds and allocated bytes per call, as the median of the rounds after warming up.
 *
 * <p>Under the agent it is the journalled cost; without it the cost of the no-op API.
 */
final class LogCost {

  private static final int WARM_UP = 300_000;
  private static final int ROUNDS = 15;
  private static final int CALLS = 20_000;

  private LogCost() {}

  public static void main(String[] args) throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Run run = Telestep.run("log-cost").project("benchmarks").start()) {
      log(run, 0, WARM_UP);
      List<double[]> rounds = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        // A pause lets the sender catch up: training logs rows, it does not log in a closed loop.
        Thread.sleep(500);
        long cpu = threads.getCurrentThreadCpuTime();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long wall = System.nanoTime();
        log(run, WARM_UP + (long) round * CALLS, CALLS);
        rounds.add(
            new double[] {
              threads.getCurrentThreadCpuTime() - cpu,
              System.nanoTime() - wall,
              threads.getCurrentThreadAllocatedBytes() - allocated
            });
      }
      System.out.printf(
          Locale.ROOT,
          "Run.log of 5 metrics: %.0f ns CPU, %.0f ns wall, %.0f bytes allocated per call"
              + " (median of %d rounds of %d calls)%n",
          median(rounds, 0),
          median(rounds, 1),
          median(rounds, 2),
          ROUNDS,
          CALLS);
      run.finish();
    }
  }

  private static void log(Run run, long firstStep, int calls) {
    for (int i = 0; i < calls; i++) {
      double x = firstStep + i;
      run.log(
          Map.of(
              "train/loss", 1 / x, "train/acc", x, "val/loss", 2 / x, "val/acc", -x, "lr", x * x),
          firstStep + i);
    }
  }

  private static double median(List<double[]> rounds, int column) {
    double[] sorted = rounds.stream().mapToDouble(round -> round[column]).sorted().toArray();
    return sorted[sorted.length / 2] / CALLS;
  }
}
