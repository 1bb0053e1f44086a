package dev.telestep.otlp;

import static dev.telestep.model.RunRecord.NO_STEP;

import dev.telestep.model.RunRecord;
import dev.telestep.model.SeriesKey;
import dev.telestep.semconv.RunStatus;
import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents.BodyKey;
import dev.telestep.semconv.TrainingEvents.ProgressKind;
import dev.telestep.semconv.TrainingMetrics;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one {@code training.*} event. Faults leave out what they concern, not the event. */
final class EventReader {

  private static final Set<String> END_STATES =
      Set.of(RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED, RunStatus.STOPPED);

  private final Decoding decoding;
  private final RunAssembly run;
  private final LogRecord record;
  private final long time;
  private final @Nullable String rank;
  private boolean faults;

  EventReader(
      Decoding decoding, RunAssembly run, LogRecord record, long time, @Nullable String rank) {
    this.decoding = decoding;
    this.run = run;
    this.record = record;
    this.time = time;
    this.rank = rank;
  }

  boolean hasFaults() {
    return faults;
  }

  void row() {
    List<KeyValue> entries = entries();
    Step step = stepOfRow(entries);
    if (step.fault() != null) {
      fault(step.fault());
      return;
    }
    rowsLogged();
    decoding.countRow();
    boolean overwrite = flag(TrainingAttributes.OVERWRITE);
    boolean single = flag(TrainingAttributes.SINGLE_VALUE);
    for (KeyValue entry : entries) {
      String key = entry.getKey();
      if (!key.equals(TrainingMetrics.STEP_KEY) && checkKey("the key of a value", key)) {
        value(series(key), entry.getValue(), step.value(), overwrite, single);
      }
    }
  }

  private void rowsLogged() {
    AnyValue row = Values.find(record.getAttributesList(), TrainingAttributes.ROW);
    if (row != null && row.hasIntValue()) {
      run.rowsLogged(row.getIntValue(), time);
    }
  }

  void parameters() {
    for (KeyValue entry : entries()) {
      if (checkKey("the name of a parameter", entry.getKey())) {
        run.parameter(entry.getKey(), Values.text(entry.getValue()), time);
      }
    }
  }

  void progress() {
    rowsLogged();
    for (KeyValue entry : entries()) {
      AnyValue value = entry.getValue();
      switch (entry.getKey()) {
        case ProgressKind.EPOCH -> {
          if (progress(ProgressKind.EPOCH, value)) {
            Step step = stepOf(TrainingAttributes.STEP);
            if (step.fault() != null) {
              fault(step.fault());
            } else {
              number(series(ProgressKind.EPOCH), step.value(), time, Values.number(value));
            }
          }
        }
        case ProgressKind.OVERALL_EPOCHS, ProgressKind.STEP, ProgressKind.OVERALL_STEPS ->
            progress(entry.getKey(), value);
        default ->
            bad(
                "training.progress has epoch, overall_epochs, step and overall_steps, not "
                    + Rejections.shown(entry.getKey()));
      }
    }
  }

  void start() {
    String name = null;
    String project = null;
    String group = null;
    List<String> tags = new ArrayList<>();
    long heartbeatMillis = 0;
    for (KeyValue entry : entries()) {
      AnyValue value = entry.getValue();
      switch (entry.getKey()) {
        case BodyKey.NAME -> name = Values.emptyToNull(Values.text(value));
        case BodyKey.PROJECT -> project = Values.emptyToNull(Values.text(value));
        case BodyKey.GROUP -> group = Values.emptyToNull(Values.text(value));
        case BodyKey.TAGS ->
            value.getArrayValue().getValuesList().forEach(tag -> tags.add(Values.text(tag)));
        case BodyKey.PARAMETERS -> startParameters(value);
        case BodyKey.HEARTBEAT_INTERVAL -> heartbeatMillis = Math.max(0, value.getIntValue());
        case ProgressKind.OVERALL_EPOCHS, ProgressKind.OVERALL_STEPS ->
            progress(entry.getKey(), value);
        default -> decoding.countIgnored();
      }
    }
    run.add(new RunRecord.Start(time, heartbeatMillis));
    if (name != null || project != null || group != null || !tags.isEmpty()) {
      run.add(new RunRecord.Info(name, project, group, tags, Map.of(), time));
    }
  }

  void end() {
    List<KeyValue> attributes = record.getAttributesList();
    String errorType = Values.findText(attributes, "exception.type");
    String errorMessage = Values.findText(attributes, "exception.message");
    String errorStack = Values.findText(attributes, "exception.stacktrace");
    boolean died = errorType != null || errorMessage != null || errorStack != null;
    String status = died ? RunStatus.FAILED : RunStatus.FINISHED;
    for (KeyValue entry : entries()) {
      if (entry.getKey().equals(BodyKey.STATUS)) {
        status = Values.text(entry.getValue());
      } else if (entry.getKey().equals(BodyKey.ROWS) && entry.getValue().hasIntValue()) {
        run.rowsLogged(entry.getValue().getIntValue(), time);
      }
    }
    if (!END_STATES.contains(status)) {
      bad(
          "the status of training.run.end must be finished, failed, killed or stopped: "
              + Rejections.shown(status));
      return;
    }
    run.add(new RunRecord.End(time, status, errorType, errorMessage, errorStack));
  }

  private void value(
      SeriesKey series, AnyValue value, long step, boolean overwrite, boolean single) {
    switch (value.getValueCase()) {
      case DOUBLE_VALUE, INT_VALUE -> number(series, step, time, Values.number(value));
      case STRING_VALUE, BOOL_VALUE -> {
        run.add(new RunRecord.Text(series, step, time, Values.text(value)));
        if (value.hasBoolValue()) {
          run.number(series, step, time, value.getBoolValue() ? 1 : 0);
        }
        decoding.countPoint();
      }
      case ARRAY_VALUE -> {
        List<AnyValue> items = value.getArrayValue().getValuesList();
        if (!list(series, items, step)) {
          return;
        }
        if (single && !items.isEmpty()) {
          run.reset(series, time + items.size() - 1);
        }
      }
      default -> {
        bad(
            Rejections.shown(series.key())
                + " must be a number, text, boolean or list of numbers, not "
                + Values.kind(value));
        return;
      }
    }
    if (overwrite || single) {
      run.reset(series, time);
    }
  }

  /** Consecutive points: times one nanosecond apart, steps one apart when there is a step. */
  private boolean list(SeriesKey series, List<AnyValue> items, long step) {
    for (AnyValue item : items) {
      if (!Values.isNumber(item)) {
        bad(
            "the list "
                + Rejections.shown(series.key())
                + " must hold numbers only, not "
                + Values.kind(item));
        return false;
      }
    }
    for (int i = 0; i < items.size(); i++) {
      number(series, step == NO_STEP ? NO_STEP : step + i, time + i, Values.number(items.get(i)));
    }
    return true;
  }

  private void number(SeriesKey series, long step, long at, double value) {
    run.number(series, step, at, value);
    decoding.countPoint();
  }

  private boolean progress(String kind, AnyValue value) {
    if (!Values.isNumber(value)) {
      bad(kind + " must be a number, not " + Values.kind(value));
      return false;
    }
    run.progress(kind, Values.number(value), time);
    return true;
  }

  private void startParameters(AnyValue parameters) {
    for (KeyValue parameter : parameters.getKvlistValue().getValuesList()) {
      if (checkKey("the name of a parameter", parameter.getKey())) {
        run.parameter(parameter.getKey(), Values.text(parameter.getValue()), time);
      }
    }
  }

  /** The attribute goes before an entry of the row. */
  private Step stepOfRow(List<KeyValue> entries) {
    Step step = stepOf(TrainingAttributes.STEP);
    if (!step.isPresent()) {
      step = stepOf(TrainingMetrics.STEP_KEY);
    }
    if (!step.isPresent()) {
      step = step(TrainingMetrics.STEP_KEY, Values.find(entries, TrainingMetrics.STEP_KEY));
    }
    return step;
  }

  private Step stepOf(String attribute) {
    return step(attribute, Values.find(record.getAttributesList(), attribute));
  }

  private static Step step(String name, @Nullable AnyValue value) {
    if (value == null) {
      return Step.NONE;
    }
    Step step = Step.of(name, value);
    return step != null
        ? step
        : new Step(
            NO_STEP,
            new Rejection(
                RejectionReason.FRACTIONAL_STEP,
                name + " must be a whole number: " + Rejections.shown(Values.text(value))));
  }

  /** The entries of the body, or the attributes that are none of ours when it is no map. */
  private List<KeyValue> entries() {
    if (record.getBody().hasKvlistValue()) {
      return record.getBody().getKvlistValue().getValuesList();
    }
    List<KeyValue> entries = new ArrayList<>();
    for (KeyValue attribute : record.getAttributesList()) {
      String key = attribute.getKey();
      if (!key.startsWith("training.") && !key.equals(LogsScope.EVENT_NAME)) {
        entries.add(attribute);
      }
    }
    return entries;
  }

  private SeriesKey series(String key) {
    if (rank == null) {
      return run.metric(key);
    }
    return new SeriesKey(
        key, new TreeMap<>(Map.of(TrainingAttributes.RANK, rank)), SeriesKey.Kind.METRIC);
  }

  private boolean flag(String attribute) {
    AnyValue value = Values.find(record.getAttributesList(), attribute);
    return value != null && Values.isTrue(value);
  }

  private boolean checkKey(String what, String key) {
    Rejection fault = decoding.checkKey(what, key);
    if (fault != null) {
      fault(fault);
    }
    return fault == null;
  }

  private void bad(String message) {
    fault(new Rejection(RejectionReason.BAD_VALUE, message));
  }

  private void fault(Rejection rejection) {
    decoding.rejections.note(rejection);
    faults = true;
  }
}
