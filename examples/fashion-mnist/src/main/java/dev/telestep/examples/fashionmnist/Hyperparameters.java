package dev.telestep.examples.fashionmnist;

import java.util.Map;

/**
 * What a variant of the training sets.
 *
 * @param optimizer {@code adam} or {@code adamw}
 * @param learningRate the highest learning rate of the run
 * @param schedule {@code constant}, or {@code cosine} with a short warm-up
 * @param dropout fraction of activations dropped before each dense layer while training
 * @param weightDecay how fast {@code adamw} draws the weights towards zero
 * @param batchSize images per step
 * @param seed of the initial weights, the order of the images and the dropout
 */
record Hyperparameters(
    String optimizer,
    double learningRate,
    String schedule,
    double dropout,
    double weightDecay,
    int batchSize,
    int seed) {

  /** The parameters of the run, under the names that people use for them. */
  Map<String, Object> parameters() {
    return Map.of(
        "optimizer_name", optimizer,
        "learning_rate", learningRate,
        "schedule", schedule,
        "dropout", dropout,
        "weight_decay", weightDecay,
        "batch_size", batchSize,
        "seed", seed);
  }
}
