package dev.telestep.semconv;

/** Names of the metrics that carry a training run; all are gauges. */
public final class TrainingMetrics {

  /**
   * One logged number, with {@link TrainingAttributes#METRIC_KEY}. Points of one row share their
   * timestamp; the point whose key is {@link #STEP_KEY} holds the row's step.
   */
  public static final String METRIC = "training.metric";

  /** Key of the {@link #METRIC} point that holds the step of its row. */
  public static final String STEP_KEY = "step";

  /** A parameter: always 1, the name and value are attributes. */
  public static final String PARAMETER = "training.parameter";

  /** Facts of the run as attributes of a point that is always 1. */
  public static final String RUN_INFO = "training.run.info";

  /** State of the run as {@link TrainingAttributes#RUN_STATUS}: always 1; also the heartbeat. */
  public static final String RUN_STATUS = "training.run.status";

  /** Part of the progress named by {@link TrainingAttributes#PROGRESS_KIND}. */
  public static final String PROGRESS = "training.progress";

  /** Number of rows that the attempt has logged up to the point's time. */
  public static final String RUN_ROWS = "training.run.rows";

  private TrainingMetrics() {}
}
