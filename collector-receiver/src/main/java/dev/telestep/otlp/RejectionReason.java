package dev.telestep.otlp;

import java.util.Locale;

/** Why a data point or log record was not accepted; sending it again would not help. */
public enum RejectionReason {
  /** A {@code training.*} metric or event names no run. */
  NO_RUN_ID,
  /** The run id or the attempt is longer than 256 bytes of UTF-8. */
  RUN_ID_TOO_LONG,
  /** The key is empty. */
  EMPTY_KEY,
  /** The key is longer than 512 bytes of UTF-8. */
  KEY_TOO_LONG,
  /** The step is below zero. */
  NEGATIVE_STEP,
  /** The step is no whole number. */
  FRACTIONAL_STEP,
  /** The timestamp is more than a day ahead of the receiver's clock. */
  TIME_AHEAD,
  /** The value is absent, of a type that cannot be kept, or none of those allowed. */
  BAD_VALUE;

  /** The name in counters, for example {@code negative_step}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
