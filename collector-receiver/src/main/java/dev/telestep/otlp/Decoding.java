package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.WriteRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The state of reading one request: its runs, its rejections and its counts. */
final class Decoding {

  static final int MAX_RUN_ID_BYTES = 256;
  static final int MAX_KEY_BYTES = 512;
  static final long MAX_AHEAD_NANOS = TimeUnit.DAYS.toNanos(1);

  final Rejections rejections = new Rejections();
  private final UUID requestId;
  private final long receivedNanos;
  private final Map<RunKey, RunAssembly> runs = new LinkedHashMap<>();
  private final Map<String, Boolean> checkedKeys = new HashMap<>();
  private final Set<RunAssembly> described = new HashSet<>();
  private RunRecord.@Nullable Info description;
  private @Nullable RunAssembly lastRun;
  private long points;
  private long rows;
  private long logLines;
  private long ignored;

  Decoding(UUID requestId, long receivedNanos) {
    this.requestId = requestId;
    this.receivedNanos = receivedNanos;
  }

  void countPoint() {
    points++;
  }

  void countRow() {
    rows++;
  }

  void countLogLine() {
    logLines++;
  }

  /** Counts what is not ours: nobody needs to be told. */
  void countIgnored() {
    ignored++;
  }

  /** What comes from now on comes from there. */
  void enter(Origin origin) {
    description = origin.info();
    described.clear();
    lastRun = null;
  }

  /** The run of a point; its id and attempt must have been checked. */
  RunAssembly run(String runId, String attempt) {
    RunAssembly run = lastRun;
    if (run == null || !run.is(runId, attempt)) {
      run =
          runs.computeIfAbsent(
              new RunKey(runId, attempt), key -> new RunAssembly(key.runId(), key.attempt()));
      lastRun = run;
      if (description != null && described.add(run)) {
        run.describe(description);
      }
    }
    return run;
  }

  /** What is wrong with the identity of a run; null when nothing is. */
  static @Nullable Rejection checkRun(String runId, String attempt) {
    if (longerThan(runId, MAX_RUN_ID_BYTES)) {
      return tooLong("training.run.id", runId);
    }
    return longerThan(attempt, MAX_RUN_ID_BYTES) ? tooLong("training.run.attempt", attempt) : null;
  }

  /** What is wrong with a key; null when nothing is. */
  @Nullable Rejection checkKey(String what, String key) {
    if (checkedKeys.containsKey(key)) {
      return null;
    }
    if (key.isEmpty()) {
      return new Rejection(RejectionReason.EMPTY_KEY, what + " must not be empty");
    }
    if (longerThan(key, MAX_KEY_BYTES)) {
      return new Rejection(
          RejectionReason.KEY_TOO_LONG,
          what + " must not be longer than 512 bytes of UTF-8: " + Rejections.shown(key));
    }
    checkedKeys.put(key, true);
    return null;
  }

  /** What is wrong with a time; null when nothing is. OTLP's times are unsigned. */
  @Nullable Rejection checkTime(String of, long time) {
    if (time >= 0 && time - receivedNanos <= MAX_AHEAD_NANOS) {
      return null;
    }
    return new Rejection(
        RejectionReason.TIME_AHEAD,
        "the timestamp of "
            + Rejections.shown(of)
            + " must not be more than one day ahead of the receiver's clock: "
            + Long.toUnsignedString(time)
            + " ns");
  }

  /** A time as sent, or that of receiving where none was sent. */
  long timeOr(long time, long otherwise) {
    if (time != 0) {
      return time;
    }
    return otherwise != 0 ? otherwise : receivedNanos;
  }

  Decoded toDecoded() {
    List<RunWrite> writes = new ArrayList<>(runs.size());
    for (RunAssembly run : runs.values()) {
      if (!run.isEmpty()) {
        writes.add(run.toRunWrite());
      }
    }
    return new Decoded(
        new WriteRequest(requestId, receivedNanos, writes),
        points,
        rows,
        logLines,
        ignored,
        rejections.units(),
        rejections.counts(),
        rejections.message());
  }

  private static Rejection tooLong(String what, String value) {
    return new Rejection(
        RejectionReason.RUN_ID_TOO_LONG,
        what + " must not be longer than 256 bytes of UTF-8: " + Rejections.shown(value));
  }

  private static boolean longerThan(String text, int bytes) {
    // No UTF-16 unit needs more than three bytes of UTF-8.
    return text.length() * 3L > bytes
        && (text.length() > bytes || text.getBytes(StandardCharsets.UTF_8).length > bytes);
  }

  private record RunKey(String runId, String attempt) {}
}
