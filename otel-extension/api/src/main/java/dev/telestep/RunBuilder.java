package dev.telestep;

import dev.telestep.semconv.TrainingEvents.BodyKey;
import dev.telestep.semconv.TrainingEvents.ProgressKind;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configures a run; made by {@link Telestep}. Not for several threads at once.
 *
 * <p>What is not set here comes from outside: the run's id from {@code TELESTEP_RUN_ID}, its
 * attempt from {@code TELESTEP_ATTEMPT}, name from {@code TELESTEP_RUN_NAME}, project from {@code
 * TELESTEP_PROJECT}, the process's rank from {@code TELESTEP_RANK}; each also as a system property
 * ({@code telestep.run.id}, …), which wins over the variable.
 */
public final class RunBuilder {

  private static final String DEFAULT_NAME = "run";
  private static final String DEFAULT_PROJECT = "default";

  private final Settings settings;
  private final Problems problems = new Problems("starting a run");
  private final Parameters parameters = new Parameters(problems);
  private final List<String> tags = new ArrayList<>();
  private @Nullable String name;
  private @Nullable String project;
  private @Nullable String group;
  private @Nullable String runId;
  private @Nullable OpenTelemetry openTelemetry;
  private boolean resumed;
  private boolean wholeMillis;
  private long initialStep;
  private double overallEpochs = Double.NaN;
  private long overallSteps = -1;

  RunBuilder(Settings settings) {
    this.settings = settings;
  }

  /**
   * Human name of the run.
   *
   * @throws IllegalArgumentException when it is blank
   */
  public RunBuilder name(String name) {
    this.name = notBlank("name of the run", name);
    return this;
  }

  /**
   * Project that groups runs; {@code default} unless set.
   *
   * @throws IllegalArgumentException when it is blank
   */
  public RunBuilder project(String project) {
    this.project = notBlank("project", project);
    return this;
  }

  /**
   * Group inside the project, for example the runs of one grid search.
   *
   * @throws IllegalArgumentException when it is blank
   */
  public RunBuilder group(String group) {
    this.group = notBlank("group", group);
    return this;
  }

  /** Adds tags. */
  public RunBuilder tags(String... tags) {
    this.tags.addAll(Arrays.asList(tags));
    return this;
  }

  /**
   * A parameter of the run.
   *
   * @param name 1 to 512 bytes of UTF-8
   * @param value number, text, boolean, enum, list, map or record; the entries of the last two
   *     become {@code name.entry}. Another type is left out, counted and said.
   */
  public RunBuilder parameter(String name, Object value) {
    parameters.add(name, value);
    return this;
  }

  /** Parameters of the run, as {@link #parameter} takes them. */
  public RunBuilder parameters(Map<String, ?> values) {
    parameters.addAll(values);
    return this;
  }

  /** The components of a record as parameters of the run, as {@link #parameter} takes them. */
  public RunBuilder parameters(Object values) {
    parameters.addRecord(values);
    return this;
  }

  /**
   * Epochs planned, for the progress.
   *
   * @throws IllegalArgumentException unless positive and finite
   */
  public RunBuilder overallEpochs(double epochs) {
    if (!(epochs > 0) || Double.isInfinite(epochs)) {
      throw new IllegalArgumentException("overallEpochs must be positive: " + epochs);
    }
    this.overallEpochs = epochs;
    return this;
  }

  /**
   * Steps planned, for the progress.
   *
   * @throws IllegalArgumentException unless positive
   */
  public RunBuilder overallSteps(long steps) {
    if (steps <= 0) {
      throw new IllegalArgumentException("overallSteps must be positive: " + steps);
    }
    this.overallSteps = steps;
    return this;
  }

  /**
   * An id of your own instead of {@code TELESTEP_RUN_ID} or a new UUID of version 7. Use {@link
   * #resume} for a run that exists.
   *
   * @param runId 1 to 256 bytes of UTF-8, unique among all runs of the store
   * @throws IllegalArgumentException when it is blank or longer
   */
  public RunBuilder runId(String runId) {
    notBlank("run id", runId);
    if (!Keys.fits(runId, Keys.MAX_RUN_ID_BYTES)) {
      throw new IllegalArgumentException(
          "the run id must have at most " + Keys.MAX_RUN_ID_BYTES + " bytes of UTF-8: " + runId);
    }
    this.runId = runId;
    return this;
  }

  /**
   * Continues an existing run as its next attempt: name, project and group stay what they are
   * unless set here.
   *
   * @throws IllegalArgumentException when the id is blank or longer than 256 bytes of UTF-8
   */
  public RunBuilder resume(String runId) {
    runId(runId);
    this.resumed = true;
    return this;
  }

  /**
   * First step of the run's counter, for a resumed run; 0 unless set. From a key's first step on,
   * the points of this attempt are shown instead of those of earlier attempts.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public RunBuilder initialStep(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("initialStep must not be negative: " + step);
    }
    this.initialStep = step;
    return this;
  }

  /**
   * Gives every row a whole millisecond of its own, for backends that keep no more (Prometheus).
   * Rows logged faster than one in a millisecond then run ahead of the clock. Off unless set: rows
   * are at least one nanosecond apart.
   */
  public RunBuilder wholeMillisecondTimestamps(boolean on) {
    this.wholeMillis = on;
    return this;
  }

  /** Where to record; the global one, as it is at {@link #start}, unless set. */
  public RunBuilder openTelemetry(OpenTelemetry openTelemetry) {
    this.openTelemetry = openTelemetry;
    return this;
  }

  /**
   * Starts the run; it is then {@link Telestep#currentRun()}.
   *
   * @throws IllegalArgumentException when a setting from outside cannot be used, naming it
   */
  public Run start() {
    String id = runId;
    if (id == null) {
      String setting = settings.get(Settings.RUN_ID);
      id = setting == null ? TimeOrderedIds.next() : runId(setting).runId;
    }
    String attempt = settings.get(Settings.ATTEMPT);
    OpenTelemetry target = openTelemetry == null ? globalOpenTelemetry() : openTelemetry;
    RunChannel channel =
        new RunChannel(
            target,
            Objects.requireNonNull(id),
            attempt == null ? TimeOrderedIds.next() : attempt,
            rank(),
            wholeMillis);
    channel.start(startBody());
    Run run = new Run(channel, initialStep);
    ActiveRuns.add(run);
    return run;
  }

  private Value<?> startBody() {
    List<KeyValue> body = new ArrayList<>();
    put(body, BodyKey.NAME, orOutside(name, Settings.RUN_NAME, DEFAULT_NAME));
    put(body, BodyKey.PROJECT, orOutside(project, Settings.PROJECT, DEFAULT_PROJECT));
    put(body, BodyKey.GROUP, group);
    if (!tags.isEmpty()) {
      body.add(
          KeyValue.of(BodyKey.TAGS, Value.of(tags.stream().map(Value::of).toArray(Value[]::new))));
    }
    if (!parameters.isEmpty()) {
      body.add(KeyValue.of(BodyKey.PARAMETERS, parameters.toValue()));
    }
    if (!Double.isNaN(overallEpochs)) {
      body.add(KeyValue.of(ProgressKind.OVERALL_EPOCHS, Value.of(overallEpochs)));
    }
    if (overallSteps > 0) {
      body.add(KeyValue.of(ProgressKind.OVERALL_STEPS, Value.of(overallSteps)));
    }
    return Value.of(body.toArray(new KeyValue[0]));
  }

  private static void put(List<KeyValue> body, String key, @Nullable String value) {
    if (value != null) {
      body.add(KeyValue.of(key, Value.of(value)));
    }
  }

  /** A resumed run keeps what the store knows, so it has no default. */
  private @Nullable String orOutside(
      @Nullable String own, String setting, @Nullable String otherwise) {
    if (own != null) {
      return own;
    }
    String outside = settings.get(setting);
    if (outside != null) {
      return outside;
    }
    return resumed ? null : otherwise;
  }

  private @Nullable Long rank() {
    String rank = settings.get(Settings.RANK);
    if (rank == null) {
      return null;
    }
    try {
      return Long.valueOf(rank);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          Settings.RANK + " (TELESTEP_RANK) must be a whole number: " + rank, e);
    }
  }

  private static OpenTelemetry globalOpenTelemetry() {
    // get() sets the no-op for good where nothing is registered yet, and so would stop the
    // application from registering its own later; only asked-for autoconfiguration needs get().
    return Boolean.getBoolean("otel.java.global-autoconfigure.enabled")
            || Boolean.parseBoolean(System.getenv("OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED"))
        ? GlobalOpenTelemetry.get()
        : GlobalOpenTelemetry.getOrNoop();
  }

  private static String notBlank(String what, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("the " + what + " must not be blank");
    }
    return value;
  }
}
