package dev.telestep.store.postgres;

import org.jspecify.annotations.Nullable;

/**
 * How fast a count has grown lately. Two older samples are kept, a minute apart or more: the rate
 * is that from {@code base} to the newest value, so it covers one to two minutes, or the last
 * advance where one takes longer.
 */
final class Pace {

  private static final long MARK_NANOS = 60_000_000_000L;

  private @Nullable Double mark;
  private long markTime;
  private @Nullable Double base;
  private long baseTime;

  Pace(
      @Nullable Double mark,
      @Nullable Long markTime,
      @Nullable Double base,
      @Nullable Long baseTime) {
    this.mark = mark;
    this.markTime = markTime == null ? 0 : markTime;
    this.base = base;
    this.baseTime = baseTime == null ? 0 : baseTime;
  }

  /** Notes that the count has a new newest value. */
  void advance(double value, long time) {
    if (mark == null || value < mark) {
      mark = value;
      markTime = time;
      base = value;
      baseTime = time;
    } else if (time - markTime >= MARK_NANOS) {
      base = mark;
      baseTime = markTime;
      mark = value;
      markTime = time;
    }
  }

  @Nullable Double mark() {
    return mark;
  }

  @Nullable Long markTime() {
    return mark == null ? null : markTime;
  }

  @Nullable Double base() {
    return base;
  }

  @Nullable Long baseTime() {
    return base == null ? null : baseTime;
  }
}
