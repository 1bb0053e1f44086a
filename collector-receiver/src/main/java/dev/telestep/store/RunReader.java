package dev.telestep.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The read side of the run store. Every method may throw {@link StoreException} with {@link
 * StoreException.Reason#UNAVAILABLE}.
 */
public interface RunReader {

  /** Runs that match the filter, newest start first. */
  List<Run> runs(Filter filter);

  /**
   * The runs that the text can mean: the run of that id; else the one whose id begins with it; else
   * those of that name; else those whose ids begin with it. Newest start first, at most {@code
   * limit}; more than one means that the text is ambiguous.
   *
   * @param limit at least 2
   */
  List<Run> find(String text, int limit);

  /** Attempts of a run in order of their start; {@code number} counts from 1. */
  List<Attempt> attempts(String runId);

  /** Summaries of the run's metrics (kind METRIC), by key. */
  List<Metric> metrics(String runId);

  /** A metric in at most {@code buckets} buckets by {@code step}, {@code time} or another key. */
  List<CurvePoint> curve(String runId, String key, String xAxis, int buckets);

  /** Log lines after the cursor (0: from the start), oldest first, at most {@code limit}. */
  List<Log> logs(String runId, long afterCursor, int limit);

  /** Which runs are wanted; null means any. */
  record Filter(@Nullable String project, @Nullable String status, int limit) {}

  /** A run; {@code metrics} holds the last value, NaN and infinities too, of each that has one. */
  record Run(
      String id,
      String name,
      String project,
      @Nullable String group,
      String status,
      @Nullable Double progress,
      @Nullable Double epoch,
      @Nullable Double overallEpochs,
      @Nullable Long step,
      @Nullable Long overallSteps,
      @Nullable Double etaSeconds,
      Instant startedAt,
      @Nullable Instant endedAt,
      double durationSeconds,
      List<String> tags,
      Map<String, String> parameters,
      Map<String, Double> metrics,
      @Nullable String host,
      @Nullable String error) {}

  /** One process life of a run. */
  record Attempt(
      String attempt,
      int number,
      String status,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Long rowsLogged,
      long rowsStored,
      @Nullable String errorType,
      @Nullable String errorMessage) {}

  /** Summary of one series over the points that are shown; null where no finite value exists. */
  record Metric(
      String key,
      long count,
      long nonFinite,
      @Nullable Double last,
      @Nullable Long lastStep,
      @Nullable Double min,
      @Nullable Long minStep,
      @Nullable Double max,
      @Nullable Long maxStep,
      @Nullable Double mean) {}

  /** One bucket; the values are null where it holds no finite value. */
  record CurvePoint(
      double x,
      @Nullable Double mean,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double last,
      long nonFinite) {}

  /** One line of the log; {@code cursor} asks for the lines after it. */
  record Log(long cursor, Instant time, int severity, String stream, String body) {}
}
