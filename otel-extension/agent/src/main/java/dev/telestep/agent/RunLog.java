package dev.telestep.agent;

import dev.telestep.semconv.TrainingAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of the runs: the application's log records, and the lines that it prints. Nothing is kept
 * while no run is active, nor what the SDK's own threads say.
 *
 * <p>A line that a console appender printed for a record is not kept a second time, see {@link
 * AppenderLines}.
 */
final class RunLog {

  private static final int MAX_BODY_CHARS = 64 * 1024;
  private static final String[] SDK_THREADS = {
    "telestep-",
    "OkHttp",
    "otel-",
    "opentelemetry-",
    "BatchSpanProcessor",
    "BatchLogRecordProcessor",
    "PeriodicMetricReader"
  };

  private final RunStates runs;
  private final ProcessJournal journal;
  private final AppenderLines appenders = new AppenderLines();
  private final AtomicLong lastLineTime = new AtomicLong();
  private final ThreadLocal<EntryEncoder> encoders = ThreadLocal.withInitial(EntryEncoder::new);

  RunLog(RunStates runs, ProcessJournal journal) {
    this.runs = runs;
    this.journal = journal;
  }

  /** Keeps a log record of the application, and marks it with its run for other processors. */
  void record(ReadWriteLogRecord record) {
    RunState run = runs.isEmpty() ? null : runs.current();
    Value<?> value = record.getBodyValue();
    if (run == null || value == null || isSdkThread()) {
      return;
    }
    String body = value.asString();
    Attributes attributes = record.getAttributes();
    appenders.recorded(body);
    record.setAttribute(AttributeKey.stringKey(TrainingAttributes.RUN_ID), run.identity.runId);
    record.setAttribute(
        AttributeKey.stringKey(TrainingAttributes.RUN_ATTEMPT), run.identity.attempt);
    long time = record.getTimestampEpochNanos();
    String severityText = record.getSeverityText();
    append(
        run,
        time == 0 ? record.getObservedTimestampEpochNanos() : time,
        record.getSeverity().getSeverityNumber(),
        severityText == null ? "" : severityText,
        record.getInstrumentationScopeInfo().getName(),
        body,
        attributes);
  }

  /** Keeps a line that the application has printed. */
  void line(String stream, String text) {
    RunState run = runs.isEmpty() ? null : runs.current();
    if (run == null || isSdkThread()) {
      return;
    }
    long now = RunState.now();
    long time = lastLineTime.updateAndGet(last -> Math.max(now, last + 1));
    appenders.printed(text, () -> append(run, time, stream, text));
  }

  /** Keeps the lines of which it is not known yet whether a record says the same. */
  void flush() {
    appenders.flush();
  }

  private void append(RunState run, long time, String stream, String text) {
    append(
        run,
        time,
        0,
        "",
        "",
        text,
        Attributes.builder().put(TrainingAttributes.LOG_STREAM, stream).build());
  }

  private void append(
      RunState run,
      long time,
      int severity,
      String severityText,
      String scope,
      String body,
      Attributes attributes) {
    EntryEncoder encoder = encoders.get();
    String bounded = body.length() > MAX_BODY_CHARS ? body.substring(0, MAX_BODY_CHARS) : body;
    encode(encoder, run, time, severity, severityText, scope, bounded, attributes);
    if (encoder.length() > journal.maxEntryBytes()) {
      // The text matters more than what was attached to it.
      encode(encoder, run, time, severity, "", "", bounded, Attributes.empty());
    }
    journal.append(encoder, false);
  }

  private static void encode(
      EntryEncoder encoder,
      RunState run,
      long time,
      int severity,
      String severityText,
      String scope,
      String body,
      Attributes attributes) {
    encoder.head(Entry.Kind.LINE, time, run.encodedIdentity);
    encoder.line(severity, severityText, scope, !attributes.isEmpty());
    encoder.value(Value.of(body), 0);
    if (!attributes.isEmpty()) {
      encoder.attributes(attributes);
    }
  }

  private static boolean isSdkThread() {
    String name = Thread.currentThread().getName();
    for (String prefix : SDK_THREADS) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
