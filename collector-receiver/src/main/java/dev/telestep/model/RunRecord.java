package dev.telestep.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One fact about one attempt of one run. All times are nanoseconds since the epoch. */
public sealed interface RunRecord {

  /** Marks a point that came without a step; its identity is its timestamp. */
  long NO_STEP = Long.MIN_VALUE;

  /**
   * Numbers of one series, in order of arrival; the three arrays have one length and are not
   * copied, so the maker must not change them.
   *
   * @param steps steps, not negative, or {@link #NO_STEP}
   * @param times timestamps
   * @param values any double; NaN and infinities keep their bits
   */
  @SuppressWarnings("ArrayRecordComponent") // columns on the hot path; never compared
  record Numbers(SeriesKey series, long[] steps, long[] times, double[] values)
      implements RunRecord {}

  /** A text value of a key; {@code step} may be {@link #NO_STEP}. */
  record Text(SeriesKey series, long step, long time, String value) implements RunRecord {}

  /** Hides every point of the series that is older than {@code time} (overwrite). */
  record Reset(SeriesKey series, long time) implements RunRecord {}

  /**
   * A line of the run's log.
   *
   * @param severity OpenTelemetry severity number, 0 when unknown
   * @param stream {@code stdout}, {@code stderr} or empty
   */
  record LogLine(long time, int severity, String stream, String body) implements RunRecord {}

  /** A parameter of the run; of two values of one name the newer {@code time} wins. */
  record Parameter(String name, String value, long time) implements RunRecord {}

  /**
   * Facts about the run; an absent one leaves what is known.
   *
   * @param resource attributes of the process ({@code host.name}, {@code service.name}, …) as text
   * @param time when it was said; 0 for facts that hold until something says otherwise at any time
   */
  record Info(
      @Nullable String name,
      @Nullable String project,
      @Nullable String group,
      List<String> tags,
      Map<String, String> resource,
      long time)
      implements RunRecord {
    public Info {
      tags = List.copyOf(tags);
      resource = Map.copyOf(resource);
    }
  }

  /**
   * The attempt has started.
   *
   * @param heartbeatMillis time between two heartbeats, 0 when the process sends none
   */
  record Start(long time, long heartbeatMillis) implements RunRecord {}

  /** The attempt has ended; {@code status} is one of {@code RunStatus}, never running. */
  record End(
      long time,
      String status,
      @Nullable String errorType,
      @Nullable String errorMessage,
      @Nullable String errorStack)
      implements RunRecord {}

  /** The attempt says that it is alive. */
  record Heartbeat(long time) implements RunRecord {}

  /** Part of the progress: {@code kind} is one of {@code TrainingEvents.ProgressKind}. */
  record Progress(String kind, double value, long time) implements RunRecord {}

  /** The attempt had logged so many rows at that time. */
  record RowsLogged(long rows, long time) implements RunRecord {}
}
