package dev.telestep.otlp;

/** The OTLP signals that are received. */
public enum Signal {
  /** Data points of metrics. */
  METRICS("metrics", "data points"),
  /** Log records, events among them. */
  LOGS("logs", "log records");

  private final String id;
  private final String unit;

  Signal(String id, String unit) {
    this.id = id;
    this.unit = unit;
  }

  /** The name in paths and counters, for example {@code metrics}. */
  public String id() {
    return id;
  }

  /** What a request of this signal consists of, for messages. */
  public String unit() {
    return unit;
  }
}
