package dev.telestep.agent;

import dev.telestep.Run;
import dev.telestep.Telestep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

/** The training programs that the integration tests fork. */
final class TrainingMain {

  private static final Logger LOGGER = Logger.getLogger("train.loop");

  private TrainingMain() {}

  public static void main(String[] args) throws Exception {
    if (Boolean.getBoolean("test.autoconfigure")) {
      io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk.initialize();
    }
    switch (args[0]) {
      case "threads" -> threads(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      case "hang" -> {
        rows(Telestep.run("hang").start(), Integer.parseInt(args[1]));
        System.out.println("LOGGED");
        Thread.currentThread().join();
      }
      case "throw" -> diverge();
      case "exit" -> {
        rows(Telestep.run("exit").start(), 1);
        System.exit(3);
      }
      case "log" -> log();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void diverge() {
    try (Run run = Telestep.run("throw").start()) {
      run.log(Map.of("loss", 1));
      throw new IllegalStateException("diverged");
    }
  }

  private static void threads(int threads, int rows) throws InterruptedException {
    try (Run run =
        Telestep.run("threads")
            .project("tests")
            .tags("a")
            .parameter("lr", 0.1)
            .overallEpochs(2)
            .start()) {
      List<Thread> workers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int worker = t;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < rows; i++) {
                    run.log(Map.of("worker", worker, "index", i, "value", worker + 1.0 / (i + 1)));
                  }
                });
        thread.start();
        workers.add(thread);
      }
      for (Thread worker : workers) {
        worker.join();
      }
      run.log(Map.of("note", "last", "done", true, "nan", Double.NaN));
      run.progress(1, 2);
      run.finish();
    }
  }

  private static void log() {
    System.out.println("before the run");
    try (Run run = Telestep.run("log").start()) {
      System.out.println("printed 100 %");
      System.err.print("bar 1\rbar 2\r");
      LOGGER.warning("logged once");
      System.out.print("unfinished");
      run.log(Map.of("loss", 1));
      run.finish();
    }
  }

  private static void rows(Run run, int rows) {
    for (int i = 0; i < rows; i++) {
      run.log(Map.of("index", i));
    }
  }
}
