package dev.telestep.examples.fashionmnist;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The two trainings that this example compares. */
enum Variant {
  /** A constant rate and nothing against overfitting: the validation loss turns upwards early. */
  BASELINE,

  /** Dropout, weight decay and a cosine schedule: slower at first, better in the end. */
  REGULARIZED;

  Hyperparameters hyperparameters() {
    return switch (this) {
      case BASELINE -> new Hyperparameters("adam", 0.001, "constant", 0.0, 0.0, 64, 17);
      case REGULARIZED -> new Hyperparameters("adamw", 0.003, "cosine", 0.4, 0.01, 64, 17);
    };
  }

  /** The name on the command line and in tags. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Variant of(String label) {
    for (Variant variant : values()) {
      if (variant.label().equals(label)) {
        return variant;
      }
    }
    String known = Arrays.stream(values()).map(Variant::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "--variant must be one of " + known + ", but is '" + label + "'");
  }
}
