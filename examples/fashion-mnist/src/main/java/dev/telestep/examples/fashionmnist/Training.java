package dev.telestep.examples.fashionmnist;

import dev.telestep.Run;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Trains a network and tells a run about it: {@code loss}, {@code accuracy} and {@code
 * learning_rate} at every step; {@code train/…}, {@code val/…} and the pace at every epoch, at the
 * step that the epoch ends with. The key {@code epoch} carries the run's progress as well.
 */
final class Training {

  private final Hyperparameters plan;
  private final Images training;
  private final Images validation;
  private final int epochs;
  private final PrintStream console;

  Training(
      Hyperparameters plan, Images training, Images validation, int epochs, PrintStream console) {
    this.plan = plan;
    this.training = training;
    this.validation = validation;
    this.epochs = epochs;
    this.console = console;
  }

  /** Steps in one epoch. */
  int stepsPerEpoch() {
    return batches(order(training)).size();
  }

  /** Trains to the end. */
  void train(Run run) {
    List<Integer> order = order(training);
    Random shuffle = new Random(plan.seed());
    List<int[]> validationBatches = batches(order(validation));
    double best = 0;
    int step = 0;
    try (Network network = new Network(plan, epochs * stepsPerEpoch())) {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        long begin = System.nanoTime();
        Collections.shuffle(order, shuffle);
        Score.Sum learned = new Score.Sum();
        for (int[] batch : batches(order)) {
          step++;
          Score score = network.learn(training, batch);
          learned.add(score, batch.length);
          run.log(
              Map.of(
                  "loss", score.loss(),
                  "accuracy", score.accuracy(),
                  "learning_rate", network.learningRate(step)),
              step);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Score judged = score(network, validationBatches);
        boolean improved = judged.accuracy() > best;
        best = Math.max(best, judged.accuracy());
        run.log(
            Map.of(
                "epoch", epoch,
                "train/loss", learned.mean().loss(),
                "train/accuracy", learned.mean().accuracy(),
                "val/loss", judged.loss(),
                "val/accuracy", judged.accuracy(),
                "val/improved", improved,
                "images_per_second", training.size() / seconds),
            step);
        report(epoch, learned.mean(), judged, seconds);
      }
    }
  }

  private Score score(Network network, List<int[]> batches) {
    Score.Sum sum = new Score.Sum();
    for (int[] batch : batches) {
      sum.add(network.judge(validation, batch), batch.length);
    }
    return sum.mean();
  }

  private void report(int epoch, Score learned, Score judged, double seconds) {
    console.printf(
        Locale.ROOT,
        "epoch %2d/%d  train loss %.4f acc %.4f  val loss %.4f acc %.4f  %.1f s%n",
        epoch,
        epochs,
        learned.loss(),
        learned.accuracy(),
        judged.loss(),
        judged.accuracy(),
        seconds);
  }

  private static List<Integer> order(Images images) {
    return new ArrayList<>(IntStream.range(0, images.size()).boxed().toList());
  }

  private List<int[]> batches(List<Integer> order) {
    int[] indices = order.stream().mapToInt(Integer::intValue).toArray();
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < indices.length; from += plan.batchSize()) {
      int to = Math.min(from + plan.batchSize(), indices.length);
      batches.add(Arrays.copyOfRange(indices, from, to));
    }
    return batches;
  }
}
