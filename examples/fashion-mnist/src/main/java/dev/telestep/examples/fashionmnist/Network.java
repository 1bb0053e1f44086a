package dev.telestep.examples.fashionmnist;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Two convolutions and two dense layers, with the optimizer that trains them. Not thread-safe. */
final class Network implements AutoCloseable {

  private final Model model;
  private final Trainer trainer;
  private final Tracker learningRate;

  /**
   * Makes a network with fresh weights.
   *
   * @param plan optimizer, regularisation and seed
   * @param steps how many steps the learning rate's schedule spans
   */
  Network(Hyperparameters plan, int steps) {
    Engine.getInstance().setRandomSeed(plan.seed());
    learningRate = learningRate(plan, steps);
    model = Model.newInstance("fashion-mnist");
    model.setBlock(layers((float) plan.dropout()));
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(optimizer(plan, learningRate)));
    trainer.initialize(new Shape(plan.batchSize(), 1, Images.SIDE, Images.SIDE));
  }

  /** Learns from one batch; the score is that before the weights change. */
  Score learn(Images images, int[] indices) {
    try (NDManager batch = trainer.getManager().newSubManager()) {
      NDList pixels = pixels(batch, images, indices);
      NDList labels = labels(batch, images, indices);
      Score score;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList guesses = trainer.forward(pixels, labels);
        guesses.attach(batch);
        NDArray loss = trainer.getLoss().evaluate(labels, guesses);
        gradients.backward(loss);
        score = score(loss, guesses, labels);
      }
      trainer.step();
      return score;
    }
  }

  /** Judges the network on one batch without learning from it. */
  Score judge(Images images, int[] indices) {
    try (NDManager batch = trainer.getManager().newSubManager()) {
      NDList labels = labels(batch, images, indices);
      NDList guesses = trainer.evaluate(pixels(batch, images, indices));
      guesses.attach(batch);
      return score(trainer.getLoss().evaluate(labels, guesses), guesses, labels);
    }
  }

  /** The learning rate of a step, counted from 1. */
  double learningRate(int step) {
    return learningRate.getNewValue(step);
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }

  private static SequentialBlock layers(float dropout) {
    return new SequentialBlock()
        .add(convolution(5, 12))
        .add(Activation.reluBlock())
        .add(convolution(3, 24))
        .add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Dropout.builder().optRate(dropout).build())
        .add(Linear.builder().setUnits(64).build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(dropout).build())
        .add(Linear.builder().setUnits(Images.CLASSES.size()).build());
  }

  /** Strides of two stand in for pooling: a quarter of the work, and as good here. */
  private static Conv2d convolution(int side, int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(side, side))
        .optStride(new Shape(2, 2))
        .setFilters(filters)
        .build();
  }

  private static Tracker learningRate(Hyperparameters plan, int steps) {
    float highest = (float) plan.learningRate();
    int warmUp = steps / 20;
    return switch (plan.schedule()) {
      case "constant" -> Tracker.fixed(highest);
      case "cosine" ->
          Tracker.warmUp()
              .optWarmUpSteps(warmUp)
              .optWarmUpBeginValue(highest / 10)
              .setMainTracker(
                  Tracker.cosine()
                      .setBaseValue(highest)
                      .optFinalValue(highest / 100)
                      .setMaxUpdates(steps - warmUp)
                      .build())
              .build();
      default ->
          throw new IllegalArgumentException(
              "schedule must be constant or cosine, but is " + plan.schedule());
    };
  }

  private static Optimizer optimizer(Hyperparameters plan, Tracker learningRate) {
    return switch (plan.optimizer()) {
      case "adam" -> Optimizer.adam().optLearningRateTracker(learningRate).build();
      case "adamw" ->
          Optimizer.adamW()
              .optLearningRateTracker(learningRate)
              .optWeightDecays((float) plan.weightDecay())
              .build();
      default ->
          throw new IllegalArgumentException(
              "optimizer must be adam or adamw, but is " + plan.optimizer());
    };
  }

  private static NDList pixels(NDManager manager, Images images, int[] indices) {
    Shape shape = new Shape(indices.length, 1, Images.SIDE, Images.SIDE);
    return new NDList(manager.create(images.pixels(indices), shape));
  }

  private static NDList labels(NDManager manager, Images images, int[] indices) {
    return new NDList(manager.create(images.labels(indices)));
  }

  private static Score score(NDArray loss, NDList guesses, NDList labels) {
    NDArray labelled = labels.singletonOrThrow();
    long correct = guesses.singletonOrThrow().argMax(1).eq(labelled).countNonzero().getLong();
    return new Score(loss.getFloat(), (double) correct / labelled.size());
  }
}
