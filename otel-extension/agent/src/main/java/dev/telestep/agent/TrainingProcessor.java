package dev.telestep.agent;

import dev.telestep.semconv.RunStatus;
import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import dev.telestep.semconv.TrainingEvents.BodyKey;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of training runs out of the SDK's log records and journals them. The caller's
 * thread pays for encoding and appending, nothing else; nothing is ever thrown at it.
 */
final class TrainingProcessor implements LogRecordProcessor {

  private static final String PREFIX = "training.";
  private static final AttributeKey<String> RUN_ID =
      AttributeKey.stringKey(TrainingAttributes.RUN_ID);
  private static final AttributeKey<String> ATTEMPT =
      AttributeKey.stringKey(TrainingAttributes.RUN_ATTEMPT);
  private static final AttributeKey<Long> RANK = AttributeKey.longKey(TrainingAttributes.RANK);
  private static final AttributeKey<Long> STEP = AttributeKey.longKey(TrainingAttributes.STEP);
  private static final AttributeKey<Long> ROW = AttributeKey.longKey(TrainingAttributes.ROW);
  private static final AttributeKey<Boolean> OVERWRITE =
      AttributeKey.booleanKey(TrainingAttributes.OVERWRITE);
  private static final AttributeKey<Boolean> SINGLE_VALUE =
      AttributeKey.booleanKey(TrainingAttributes.SINGLE_VALUE);

  private final RunStates runs;
  private final ProcessJournal journal;
  private final RunLog log;
  private final Runnable firstRun;
  private final Runnable onShutdown;
  private final Supplier<CompletableResultCode> onFlush;
  private final Complaints complaints = new Complaints();
  private final AtomicLong files = new AtomicLong();
  private final ThreadLocal<EntryEncoder> encoders = ThreadLocal.withInitial(EntryEncoder::new);

  TrainingProcessor(
      RunStates runs,
      ProcessJournal journal,
      RunLog log,
      Runnable firstRun,
      Runnable onShutdown,
      Supplier<CompletableResultCode> onFlush) {
    this.runs = runs;
    this.journal = journal;
    this.log = log;
    this.firstRun = firstRun;
    this.onShutdown = onShutdown;
    this.onFlush = onFlush;
  }

  /** Whether a record is an event that this processor takes, so that nobody else need have it. */
  static boolean isTrainingEvent(ReadWriteLogRecord record) {
    return kind(record.getEventName()) != null && runId(record) != null;
  }

  @Override
  public void onEmit(Context context, ReadWriteLogRecord record) {
    try {
      Entry.Kind kind = kind(record.getEventName());
      String runId = kind == null ? null : runId(record);
      if (kind == null || runId == null) {
        log.record(record);
      } else {
        take(kind, runId, record);
      }
    } catch (RuntimeException | LinkageError e) {
      complaints.report(1, () -> "an event cannot be journalled: " + e);
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    onShutdown.run();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return onFlush.get();
  }

  /** Ends a run that did not end itself; also one that was closed as failed, to say why. */
  void end(RunState run, String status, @Nullable Throwable cause, String message) {
    AttributesBuilder attributes = Attributes.builder().put("exception.message", message);
    if (cause != null) {
      attributes
          .put("exception.type", cause.getClass().getName())
          .put("exception.stacktrace", StackTraces.text(cause));
    }
    Value<?> body =
        Value.of(
            KeyValue.of(BodyKey.STATUS, Value.of(status)),
            KeyValue.of(BodyKey.ROWS, Value.of(run.rows)));
    EntryEncoder encoder = encoders.get();
    encoder.encode(
        Entry.of(Entry.Kind.END, run.identity, run.nextTime(), body, attributes.build()),
        run.encodedIdentity);
    journal.append(encoder, true);
    ended(run, false);
  }

  private void take(Entry.Kind kind, String runId, ReadWriteLogRecord record) {
    String attempt = text(record, ATTEMPT);
    RunState run = runs.find(runId, attempt);
    if (run == null || kind == Entry.Kind.START) {
      run = newState(runId, attempt, record);
    }
    long time = record.getTimestampEpochNanos();
    if (time == 0) {
      time = record.getObservedTimestampEpochNanos();
    }
    Long row = record.getAttribute(ROW);
    if (row != null) {
      run.rows = row;
    }
    run.lastTime = time;
    EntryEncoder encoder = encoders.get();
    encode(encoder, kind, run, time, row, record);
    if (kind == Entry.Kind.START) {
      start(run, encoder);
    } else {
      journal.append(encoder, kind != Entry.Kind.METRICS);
    }
    if (kind == Entry.Kind.END) {
      ended(run, isFailedWithoutCause(record));
    }
  }

  private static void encode(
      EntryEncoder encoder,
      Entry.Kind kind,
      RunState run,
      long time,
      @Nullable Long row,
      ReadWriteLogRecord record) {
    Long step = record.getAttribute(STEP);
    Attributes exception =
        kind == Entry.Kind.END ? exception(record.getAttributes()) : Attributes.empty();
    encoder.head(kind, time, run.encodedIdentity);
    encoder.flags(
        step == null ? Entry.NONE : step,
        row == null ? Entry.NONE : row,
        Boolean.TRUE.equals(record.getAttribute(OVERWRITE)),
        Boolean.TRUE.equals(record.getAttribute(SINGLE_VALUE)),
        !exception.isEmpty());
    Value<?> body = record.getBodyValue();
    encoder.value(
        body != null && body.getType() == ValueType.KEY_VALUE_LIST
            ? body
            : bodyOf(record.getAttributes()),
        0);
    if (!exception.isEmpty()) {
      encoder.attributes(exception);
    }
  }

  private RunState newState(String runId, String attempt, ReadWriteLogRecord record) {
    if (!journal.isOpen()) {
      journal.open(record.toLogRecordData().getResource());
    }
    return new RunState(
        new RunIdentity(runId, attempt, record.getAttribute(RANK)),
        Orphan.RUN_FILE_PREFIX + files.incrementAndGet(),
        record.getTimestampEpochNanos());
  }

  private void start(RunState run, EntryEncoder encoder) {
    journal.noteStart(run.file, encoder);
    journal.append(encoder, true);
    runs.add(run);
    firstRun.run();
  }

  private void ended(RunState run, boolean withoutCause) {
    run.ended = true;
    run.failedWithoutCause = withoutCause;
    runs.remove(run);
    journal.noteEnd(run.file);
  }

  private static boolean isFailedWithoutCause(ReadWriteLogRecord record) {
    Value<?> body = record.getBodyValue();
    return body != null
        && body.asString().contains(RunStatus.FAILED)
        && record.getAttribute(AttributeKey.stringKey("exception.type")) == null;
  }

  private static Entry.@Nullable Kind kind(@Nullable String eventName) {
    if (eventName == null || !eventName.startsWith(PREFIX)) {
      return null;
    }
    switch (eventName) {
      case TrainingEvents.METRICS:
        return Entry.Kind.METRICS;
      case TrainingEvents.PARAMETERS:
        return Entry.Kind.PARAMETERS;
      case TrainingEvents.PROGRESS:
        return Entry.Kind.PROGRESS;
      case TrainingEvents.RUN_START:
        return Entry.Kind.START;
      case TrainingEvents.RUN_END:
        return Entry.Kind.END;
      default:
        return null;
    }
  }

  /** The run may stand on the record, its scope or the resource. */
  private static @Nullable String runId(ReadWriteLogRecord record) {
    String id = text(record, RUN_ID);
    return id.isEmpty() ? record.toLogRecordData().getResource().getAttribute(RUN_ID) : id;
  }

  private static String text(ReadWriteLogRecord record, AttributeKey<String> key) {
    String own = record.getAttribute(key);
    if (own == null) {
      own = record.getInstrumentationScopeInfo().getAttributes().get(key);
    }
    return own == null ? "" : own;
  }

  private static Attributes exception(Attributes attributes) {
    return attributes.toBuilder().removeIf(key -> !key.getKey().startsWith("exception.")).build();
  }

  /** Values of producers that log them as attributes. */
  private static Value<?> bodyOf(Attributes attributes) {
    List<KeyValue> body = new ArrayList<>();
    attributes.forEach(
        (key, value) -> {
          if (key.getKey().startsWith(PREFIX) || key.getKey().startsWith("exception.")) {
            return;
          }
          if (value instanceof Long) {
            body.add(KeyValue.of(key.getKey(), Value.of(((Long) value).longValue())));
          } else if (value instanceof Double) {
            body.add(KeyValue.of(key.getKey(), Value.of(((Double) value).doubleValue())));
          } else if (value instanceof Boolean) {
            body.add(KeyValue.of(key.getKey(), Value.of(((Boolean) value).booleanValue())));
          } else {
            body.add(KeyValue.of(key.getKey(), Value.of(value.toString())));
          }
        });
    return Value.of(body.toArray(new KeyValue[0]));
  }
}
