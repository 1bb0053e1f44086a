package dev.telestep.e2e;

import dev.telestep.Run;
import dev.telestep.Telestep;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A training without a model: it logs rows and, after each call has returned, writes the row to a
 * truth file, which survives kill -9 because the kernel has it.
 *
 * <p>Arguments: truth file, number of runs, threads per run, rows per thread, microseconds between
 * rows, how to end ({@code finish}, {@code throw} or {@code exit}).
 */
final class Workload {

  /** Bytes of one truth record: run, thread, step, time before and after, five values. */
  static final int RECORD = 4 + 4 + 3 * 8 + 5 * 8;

  private Workload() {}

  public static void main(String[] args) throws Exception {
    Path truth = Path.of(args[0]);
    int runs = Integer.parseInt(args[1]);
    int threads = Integer.parseInt(args[2]);
    int rows = Integer.parseInt(args[3]);
    long pauseMicros = Long.parseLong(args[4]);
    String end = args[5];
    List<Run> started = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      started.add(
          Telestep.run("workload-" + i)
              .project("e2e")
              .tags("exact", "real-agent")
              .parameter("learning_rate", 0.001 * (i + 1))
              .parameter("optimizer_name", i % 2 == 0 ? "adam" : "sgd")
              .overallEpochs(10)
              .start());
    }
    System.out.println("workload: started " + runs + " runs");
    try (FileChannel channel =
        FileChannel.open(
            truth,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        for (int j = 0; j < threads; j++) {
          int run = i;
          int thread = j;
          Thread worker =
              new Thread(
                  () -> log(started.get(run), run, thread, rows, pauseMicros, channel),
                  "worker-" + run + "-" + thread);
          workers.add(worker);
          worker.start();
        }
      }
      for (Thread worker : workers) {
        worker.join();
      }
    }
    System.out.println("workload: logged");
    if (end.equals("throw")) {
      throw new IllegalStateException("loss is not a number");
    }
    if (end.equals("exit")) {
      System.exit(3);
    }
    started.forEach(Run::finish);
    System.out.println("workload: finished");
  }

  private static void log(
      Run run, int runIndex, int thread, int rows, long pauseMicros, FileChannel truth) {
    SplittableRandom random = new SplittableRandom(31L * runIndex + thread);
    ByteBuffer record = ByteBuffer.allocate(RECORD);
    long next = System.nanoTime();
    for (int step = 0; step < rows; step++) {
      Map<String, Object> row = new LinkedHashMap<>();
      double[] values = new double[5];
      for (int k = 0; k < values.length; k++) {
        values[k] = value(random, k, step);
        row.put(key(thread, k), values[k]);
      }
      long before = now();
      run.log(row, step);
      long after = now();
      record.clear();
      record.putInt(runIndex).putInt(thread).putLong(step).putLong(before).putLong(after);
      for (double value : values) {
        record.putLong(Double.doubleToRawLongBits(value));
      }
      record.flip();
      try {
        truth.write(record);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      if (thread == 0 && rows >= 10 && step % (rows / 10) == rows / 10 - 1) {
        int tenth = rows / 10;
        int epoch = (step + 1) / tenth;
        run.progress(epoch, 10);
        System.out.println("run " + runIndex + " reached step " + step);
      }
      next += pauseMicros * 1000;
      while (System.nanoTime() < next) {
        Thread.onSpinWait();
      }
    }
  }

  static String key(int thread, int k) {
    return "thread" + thread + (k % 2 == 0 ? "/loss" : "/acc") + k;
  }

  private static double value(SplittableRandom random, int k, int step) {
    if (step % 1000 == 999) {
      return k % 3 == 0 ? Double.NaN : k % 3 == 1 ? Double.POSITIVE_INFINITY : -0.0;
    }
    return switch (k) {
      case 0 -> random.nextDouble();
      case 1 -> (float) random.nextDouble();
      case 2 -> Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL);
      case 3 -> step;
      default -> -random.nextDouble() * 1e-300;
    };
  }

  private static long now() {
    Instant now = Instant.now();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
