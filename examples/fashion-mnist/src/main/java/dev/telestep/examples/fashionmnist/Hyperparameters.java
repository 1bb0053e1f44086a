package dev.telestep.examples.fashionmnist;

/**
 * What a variant of the training sets. Telestep records the components as the run's parameters.
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
    int seed) {}
