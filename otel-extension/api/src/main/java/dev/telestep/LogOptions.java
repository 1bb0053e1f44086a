package dev.telestep;

/**
 * How values are logged: immutable, made from {@link #defaults()}.
 *
 * <pre>{@code
 * run.logMetric("confusion", counts, LogOptions.defaults().step(100).overwrite(true));
 * }</pre>
 */
public final class LogOptions {

  /** Stands for "no step given". */
  static final long NO_STEP = Long.MIN_VALUE;

  private static final LogOptions DEFAULTS = new LogOptions(NO_STEP, false, false);

  private final long step;
  private final boolean overwrite;
  private final boolean singleValue;

  private LogOptions(long step, boolean overwrite, boolean singleValue) {
    this.step = step;
    this.overwrite = overwrite;
    this.singleValue = singleValue;
  }

  /** The step of the run's counter; values are appended to the history of their key. */
  public static LogOptions defaults() {
    return DEFAULTS;
  }

  /**
   * These options with a step of their own.
   *
   * @param step not negative; what is logged with a negative one is not recorded, but counted and
   *     said
   */
  public LogOptions step(long step) {
    return new LogOptions(step, overwrite, singleValue);
  }

  /**
   * These options, replacing the whole earlier history of the keys (true) or adding to it (false).
   */
  public LogOptions overwrite(boolean overwrite) {
    return new LogOptions(step, overwrite, singleValue);
  }

  /** These options, keeping only the newest value of the keys (true) or a history (false). */
  public LogOptions singleValue(boolean singleValue) {
    return new LogOptions(step, overwrite, singleValue);
  }

  long step() {
    return step;
  }

  boolean overwrite() {
    return overwrite;
  }

  boolean singleValue() {
    return singleValue;
  }
}
