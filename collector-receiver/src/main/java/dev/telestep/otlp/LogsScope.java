package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the log records of one scope: the events encoding, and the lines of a run's log. */
final class LogsScope {

  /** How events were named before log records had a field for it. */
  static final String EVENT_NAME = "event.name";

  private static final String TRAINING = "training.";

  private final Decoding decoding;
  private final Origin origin;

  LogsScope(Decoding decoding, Origin origin) {
    this.decoding = decoding;
    this.origin = origin;
    decoding.enter(origin);
  }

  void read(List<LogRecord> records) {
    records.forEach(this::read);
  }

  private void read(LogRecord record) {
    String event = eventName(record);
    boolean training = event.startsWith(TRAINING);
    List<KeyValue> attributes = record.getAttributesList();
    String ownRunId = Values.findText(attributes, TrainingAttributes.RUN_ID);
    String runId = ownRunId == null ? origin.runId() : ownRunId;
    if (runId == null) {
      if (training) {
        reject(
            new Rejection(
                RejectionReason.NO_RUN_ID,
                Rejections.shown(event)
                    + " needs training.run.id on the record, the scope or the resource"));
      } else {
        decoding.countIgnored();
      }
      return;
    }
    String attempt =
        origin.attemptOf(runId, Values.findText(attributes, TrainingAttributes.RUN_ATTEMPT));
    long time = decoding.timeOr(record.getTimeUnixNano(), record.getObservedTimeUnixNano());
    Rejection fault = Decoding.checkRun(runId, attempt);
    if (fault == null) {
      fault = decoding.checkTime(training ? event : "a log record", time);
    }
    if (fault != null) {
      reject(fault);
      return;
    }
    RunAssembly run = decoding.run(runId, attempt);
    if (training) {
      event(event, record, run, time);
    } else {
      logLine(event, record, run, time);
    }
  }

  private void event(String name, LogRecord record, RunAssembly run, long time) {
    String ownRank = Values.findText(record.getAttributesList(), TrainingAttributes.RANK);
    EventReader reader =
        new EventReader(decoding, run, record, time, ownRank == null ? origin.rank() : ownRank);
    switch (name) {
      case TrainingEvents.METRICS -> reader.row();
      case TrainingEvents.PARAMETERS -> reader.parameters();
      case TrainingEvents.PROGRESS -> reader.progress();
      case TrainingEvents.RUN_START -> reader.start();
      case TrainingEvents.RUN_END -> reader.end();
      default -> decoding.countIgnored();
    }
    if (reader.hasFaults()) {
      decoding.rejections.addUnit();
    }
  }

  private void logLine(String event, LogRecord record, RunAssembly run, long time) {
    List<KeyValue> attributes = record.getAttributesList();
    StringBuilder body = new StringBuilder(Values.text(record.getBody()));
    if (body.isEmpty()) {
      body.append(event);
    }
    appendIfNews(body, Values.findText(attributes, "exception.message"));
    appendIfNews(body, Values.findText(attributes, "exception.stacktrace"));
    String stream = Values.findText(attributes, TrainingAttributes.LOG_STREAM);
    run.add(
        new RunRecord.LogLine(
            time, record.getSeverityNumberValue(), stream == null ? "" : stream, body.toString()));
    decoding.countLogLine();
  }

  private void reject(Rejection fault) {
    decoding.rejections.add(fault);
  }

  private static void appendIfNews(StringBuilder body, @Nullable String text) {
    if (text != null && body.indexOf(text) < 0) {
      body.append(body.isEmpty() ? "" : "\n").append(text);
    }
  }

  private static String eventName(LogRecord record) {
    if (!record.getEventName().isEmpty()) {
      return record.getEventName();
    }
    String old = Values.findText(record.getAttributesList(), EVENT_NAME);
    return old == null ? "" : old;
  }
}
