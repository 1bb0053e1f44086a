package dev.telestep.examples.fashionmnist;

import ai.djl.engine.Engine;
import dev.telestep.Run;
import dev.telestep.Telestep;
import java.io.IOException;

/**
 * The program: one training of one {@link Variant}, recorded as one run of the project {@code
 * fashion-mnist}. Exit code 0 when trained, 2 for a wrong command line; an exception ends the run
 * as failed and the program with 1.
 */
public final class FashionMnist {

  private FashionMnist() {}

  /**
   * Trains.
   *
   * @param arguments {@code [--variant baseline|regularized] [--epochs n] [--group name]}
   * @throws IOException when the images that ship with the example cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    train(options);
  }

  private static void train(Options options) throws IOException {
    Hyperparameters plan = options.variant().hyperparameters();
    Images training = Images.training();
    Images validation = Images.validation();
    Engine engine = Engine.getInstance();
    System.out.printf(
        "%s: %d images to learn from, %d to judge by, %s %s%n",
        options.variant().label(),
        training.size(),
        validation.size(),
        engine.getEngineName(),
        engine.getVersion());
    try (Run run =
        Telestep.run("cnn-" + options.variant().label())
            .project("fashion-mnist")
            .group(options.group())
            .tags("djl", options.variant().label())
            .parameters(plan.parameters())
            .parameter("train_images", training.size())
            .parameter("engine", engine.getEngineName() + " " + engine.getVersion())
            .overallEpochs(options.epochs())
            .start()) {
      new Training(plan, training, validation, options.epochs(), System.out).train(run);
      run.finish();
    }
  }
}
