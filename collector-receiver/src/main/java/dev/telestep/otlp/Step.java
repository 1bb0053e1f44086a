package dev.telestep.otlp;

import static dev.telestep.model.RunRecord.NO_STEP;

import io.opentelemetry.proto.common.v1.AnyValue;
import org.jspecify.annotations.Nullable;

/**
 * A step as it was sent.
 *
 * @param value the step, or {@code NO_STEP} when there is none or it is faulty
 * @param fault why it cannot be used; null when it can
 */
record Step(long value, @Nullable Rejection fault) {

  static final Step NONE = new Step(NO_STEP, null);

  private static final double LONG_LIMIT = 0x1p63;

  static Step of(String name, long value) {
    return value >= 0
        ? new Step(value, null)
        : faulty(RejectionReason.NEGATIVE_STEP, name + " must not be negative: " + value);
  }

  /** JavaScript sends whole numbers as doubles, so 4.0 is the step 4. */
  static Step of(String name, double value) {
    if (value < 0) {
      return faulty(RejectionReason.NEGATIVE_STEP, name + " must not be negative: " + value);
    }
    if (value != Math.rint(value) || value >= LONG_LIMIT) {
      return faulty(RejectionReason.FRACTIONAL_STEP, name + " must be a whole number: " + value);
    }
    return new Step((long) value, null);
  }

  /** The step in a value of an attribute or a body; null when the value is no number at all. */
  static @Nullable Step of(String name, AnyValue value) {
    return switch (value.getValueCase()) {
      case INT_VALUE -> of(name, value.getIntValue());
      case DOUBLE_VALUE -> of(name, value.getDoubleValue());
      case STRING_VALUE -> ofText(name, value.getStringValue());
      default -> null;
    };
  }

  boolean isPresent() {
    return value != NO_STEP || fault != null;
  }

  private static @Nullable Step ofText(String name, String text) {
    try {
      return of(name, Long.parseLong(text));
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static Step faulty(RejectionReason reason, String message) {
    return new Step(NO_STEP, new Rejection(reason, message));
  }
}
