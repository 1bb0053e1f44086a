package dev.telestep.store.postgres;

import org.jspecify.annotations.Nullable;

/** A value of which the newest write stays; of two of one time the later arrival. */
final class Timed<T> {

  private @Nullable T value;
  private @Nullable Long time;

  Timed(@Nullable T value, @Nullable Long time) {
    this.value = value;
    this.time = time;
  }

  /** Whether the value was taken; null never is. */
  boolean offer(@Nullable T newValue, long newTime) {
    if (newValue == null || (time != null && newTime < time)) {
      return false;
    }
    value = newValue;
    time = newTime;
    return true;
  }

  @Nullable T value() {
    return value;
  }

  @Nullable Long time() {
    return time;
  }
}
