package dev.telestep;

import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import dev.telestep.semconv.TrainingEvents.BodyKey;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Emits the events of one attempt. The caller holds the run's lock, so that timestamps rise in the
 * order in which the records reach the SDK.
 */
final class RunChannel {

  private static final AttributeKey<Long> STEP = AttributeKey.longKey(TrainingAttributes.STEP);
  private static final AttributeKey<Long> ROW = AttributeKey.longKey(TrainingAttributes.ROW);
  private static final AttributeKey<Boolean> OVERWRITE =
      AttributeKey.booleanKey(TrainingAttributes.OVERWRITE);
  private static final AttributeKey<Boolean> SINGLE_VALUE =
      AttributeKey.booleanKey(TrainingAttributes.SINGLE_VALUE);
  private static final AttributeKey<String> EXCEPTION_TYPE =
      AttributeKey.stringKey("exception.type");
  private static final AttributeKey<String> EXCEPTION_MESSAGE =
      AttributeKey.stringKey("exception.message");
  private static final AttributeKey<String> EXCEPTION_STACKTRACE =
      AttributeKey.stringKey("exception.stacktrace");
  private static final int MAX_STACKTRACE_CHARS = 32 * 1024;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Logger logger;
  private final String runId;
  private final String attempt;
  private final Attributes identity;
  private final long spacing;
  private long lastTime;
  private long rows;

  RunChannel(
      OpenTelemetry openTelemetry,
      String runId,
      String attempt,
      @Nullable Long rank,
      boolean wholeMillis) {
    this.logger = openTelemetry.getLogsBridge().get("dev.telestep");
    this.runId = runId;
    this.attempt = attempt;
    this.spacing = wholeMillis ? NANOS_PER_MILLI : 1;
    AttributesBuilder attributes =
        Attributes.builder()
            .put(TrainingAttributes.RUN_ID, runId)
            .put(TrainingAttributes.RUN_ATTEMPT, attempt);
    if (rank != null) {
      attributes.put(TrainingAttributes.RANK, rank.longValue());
    }
    this.identity = attributes.build();
  }

  String runId() {
    return runId;
  }

  String attempt() {
    return attempt;
  }

  void start(Value<?> body) {
    record(TrainingEvents.RUN_START).setBody(body).emit();
  }

  /**
   * An event.
   *
   * @param row whether it becomes a point of its own, as the epoch of the progress does, and so
   *     counts as a row
   */
  void event(String name, Value<?> body, boolean row) {
    LogRecordBuilder builder = record(name).setBody(body);
    if (row) {
      builder.setAttribute(ROW, ++rows);
    }
    builder.emit();
  }

  void row(Value<?> body, long step, boolean overwrite, boolean singleValue) {
    LogRecordBuilder builder =
        record(TrainingEvents.METRICS)
            .setAttribute(STEP, step)
            .setAttribute(ROW, ++rows)
            .setBody(body);
    if (overwrite) {
      builder.setAttribute(OVERWRITE, true);
    }
    if (singleValue) {
      builder.setAttribute(SINGLE_VALUE, true);
    }
    builder.emit();
  }

  void end(String status, @Nullable Throwable cause, @Nullable String message) {
    LogRecordBuilder builder =
        record(TrainingEvents.RUN_END)
            .setBody(
                Value.of(
                    KeyValue.of(BodyKey.STATUS, Value.of(status)),
                    KeyValue.of(BodyKey.ROWS, Value.of(rows))));
    if (cause != null) {
      builder.setAttribute(EXCEPTION_TYPE, cause.getClass().getName());
      builder.setAttribute(EXCEPTION_STACKTRACE, stackTrace(cause));
    }
    if (message != null) {
      builder.setAttribute(EXCEPTION_MESSAGE, message);
    }
    builder.emit();
  }

  private LogRecordBuilder record(String eventName) {
    return logger
        .logRecordBuilder()
        .setTimestamp(nextTime(), TimeUnit.NANOSECONDS)
        .setEventName(eventName)
        .setAllAttributes(identity);
  }

  private long nextTime() {
    Instant now = Instant.now();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    nanos -= nanos % spacing;
    lastTime = Math.max(nanos, lastTime + spacing);
    return lastTime;
  }

  private static String stackTrace(Throwable cause) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    cause.printStackTrace(writer);
    writer.flush();
    return text.getBuffer().length() <= MAX_STACKTRACE_CHARS
        ? text.toString()
        : text.getBuffer().substring(0, MAX_STACKTRACE_CHARS);
  }
}
