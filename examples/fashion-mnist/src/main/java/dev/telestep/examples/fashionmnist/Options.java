package dev.telestep.examples.fashionmnist;

import java.util.Iterator;
import java.util.List;

/**
 * The command line: {@code [--variant baseline|regularized] [--epochs n] [--group name]}.
 *
 * @param variant which hyperparameters to train with
 * @param epochs passes over the training images, at least 1
 * @param group the run's group: runs that belong together
 */
record Options(Variant variant, int epochs, String group) {

  static final Options DEFAULTS = new Options(Variant.BASELINE, 40, "cnn");

  Options {
    if (epochs < 1) {
      throw new IllegalArgumentException("--epochs must be at least 1, but is " + epochs);
    }
  }

  /**
   * Reads a command line; what it does not name keeps its default.
   *
   * @throws IllegalArgumentException naming the argument that is unknown or wrong
   */
  static Options parse(String... arguments) {
    Options options = DEFAULTS;
    Iterator<String> rest = List.of(arguments).iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      options =
          switch (name) {
            case "--variant" ->
                new Options(Variant.of(value(name, rest)), options.epochs, options.group);
            case "--epochs" ->
                new Options(options.variant, integer(name, value(name, rest)), options.group);
            case "--group" -> new Options(options.variant, options.epochs, value(name, rest));
            default ->
                throw new IllegalArgumentException(
                    "unknown argument '" + name + "': expected --variant, --epochs or --group");
          };
    }
    return options;
  }

  private static String value(String name, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return rest.next();
  }

  private static int integer(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " must be a whole number, but is '" + value + "'", e);
    }
  }
}
