package dev.telestep.semconv;

/** Names of the attributes that a training run adds to OpenTelemetry resources, points and logs. */
public final class TrainingAttributes {

  /** Identity of the run (text, 1 to 256 bytes), on the resource, the point or the log record. */
  public static final String RUN_ID = "training.run.id";

  /** Human name of the run (text). */
  public static final String RUN_NAME = "training.run.name";

  /** Project that groups runs (text). */
  public static final String PROJECT = "training.project";

  /** Group inside the project, for example the runs of one grid search (text). */
  public static final String GROUP = "training.group";

  /** Identity of one process life of the run (text). Attempts are ordered by their start. */
  public static final String RUN_ATTEMPT = "training.run.attempt";

  /** State of the run on {@link TrainingMetrics#RUN_STATUS}: a {@link RunStatus} name (text). */
  public static final String RUN_STATUS = "training.run.status";

  /** Key of a logged value, for example {@code val/loss} (text, 1 to 512 bytes of UTF-8). */
  public static final String METRIC_KEY = "training.metric.key";

  /**
   * Whether a point replaces the whole earlier history of its key (boolean, absent means false).
   */
  public static final String OVERWRITE = "training.overwrite";

  /** Whether a key keeps only its newest value (boolean, absent means false). */
  public static final String SINGLE_VALUE = "training.single_value";

  /** Name of a parameter (text, 1 to 512 bytes of UTF-8). */
  public static final String PARAMETER_KEY = "training.parameter.key";

  /** Value of a parameter, as text. */
  public static final String PARAMETER_VALUE = "training.parameter.value";

  /**
   * Which part of the progress a {@link TrainingMetrics#PROGRESS} point carries: {@code epoch},
   * {@code overall_epochs}, {@code step} or {@code overall_steps} (text).
   */
  public static final String PROGRESS_KIND = "training.progress.kind";

  /** Step of an event or a point (integer, not negative). */
  public static final String STEP = "training.step";

  /** Rank of the process in a distributed run (integer); ranks are series of their own. */
  public static final String RANK = "training.rank";

  /** Position of a row among the rows of its attempt, from 1 (integer). */
  public static final String ROW = "training.row";

  /** Where a log line was captured: {@code stdout} or {@code stderr} (the OpenTelemetry name). */
  public static final String LOG_STREAM = "log.iostream";

  private TrainingAttributes() {}
}
