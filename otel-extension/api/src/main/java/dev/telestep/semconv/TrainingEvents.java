package dev.telestep.semconv;

/**
 * Names of the events (OTLP log records with an event name) that carry a training run.
 *
 * <p>Keys and values are the entries of the body map; {@link TrainingAttributes#RUN_ID} and {@link
 * TrainingAttributes#STEP} are attributes of the record.
 */
public final class TrainingEvents {

  /** One logged row: the body maps keys to numbers, text, booleans or lists of numbers. */
  public static final String METRICS = "training.metrics";

  /** Parameters: the body maps names to values. */
  public static final String PARAMETERS = "training.parameters";

  /** Progress: the body maps names of {@link ProgressKind} to numbers. */
  public static final String PROGRESS = "training.progress";

  /** An attempt has started: the body holds the {@link BodyKey} entries that are known. */
  public static final String RUN_START = "training.run.start";

  /** An attempt has ended: {@link BodyKey#STATUS}, and the exception if it died of one. */
  public static final String RUN_END = "training.run.end";

  /** A version of an artifact was stored. */
  public static final String ARTIFACT = "training.artifact";

  private TrainingEvents() {}

  /** Entries of the body maps of {@link #RUN_START} and {@link #RUN_END}. */
  public static final class BodyKey {

    /** Name of the run (text). */
    public static final String NAME = "name";

    /** Project of the run (text). */
    public static final String PROJECT = "project";

    /** Group of the run (text). */
    public static final String GROUP = "group";

    /** Tags of the run (array of text). */
    public static final String TAGS = "tags";

    /** Parameters known at the start (map of name to value). */
    public static final String PARAMETERS = "parameters";

    /** State at the end: a {@link RunStatus} name (text). */
    public static final String STATUS = "status";

    /** Number of rows that the attempt logged (integer). */
    public static final String ROWS = "rows";

    /** Milliseconds between two heartbeats, if the process sends them (integer). */
    public static final String HEARTBEAT_INTERVAL = "heartbeat_interval_ms";

    private BodyKey() {}
  }

  /** Parts of a run's progress: body keys of {@link #PROGRESS}, kinds of the progress metric. */
  public static final class ProgressKind {

    /** Epochs completed (number, may be fractional). */
    public static final String EPOCH = "epoch";

    /** Epochs planned. */
    public static final String OVERALL_EPOCHS = "overall_epochs";

    /** Steps completed. */
    public static final String STEP = "step";

    /** Steps planned. */
    public static final String OVERALL_STEPS = "overall_steps";

    private ProgressKind() {}
  }
}
