package dev.telestep.otlp;

import dev.telestep.semconv.TrainingAttributes;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a data point, sorted into those with a meaning and those that tell series
 * apart. Used again for every point, because points come by the million.
 */
final class PointLabels {

  @Nullable String runId;
  @Nullable String attempt;
  @Nullable String rank;
  @Nullable String name;
  @Nullable String project;
  @Nullable String group;
  @Nullable String status;
  @Nullable String metricKey;
  @Nullable String parameterKey;
  @Nullable String parameterValue;
  @Nullable String progressKind;
  boolean overwrites;
  @Nullable Step step;

  /** Attributes without a meaning of their own; null when there are none. */
  @Nullable TreeMap<String, String> others;

  private int stepPriority;

  void read(List<KeyValue> attributes) {
    clear();
    for (KeyValue attribute : attributes) {
      read(attribute.getKey(), attribute.getValue());
    }
  }

  private void read(String key, AnyValue value) {
    switch (key) {
      case TrainingAttributes.RUN_ID -> runId = Values.emptyToNull(Values.text(value));
      case TrainingAttributes.RUN_ATTEMPT -> attempt = Values.text(value);
      case TrainingAttributes.RANK -> rank = Values.text(value);
      case TrainingAttributes.RUN_NAME -> name = Values.emptyToNull(Values.text(value));
      case TrainingAttributes.PROJECT -> project = Values.emptyToNull(Values.text(value));
      case TrainingAttributes.GROUP -> group = Values.emptyToNull(Values.text(value));
      case TrainingAttributes.RUN_STATUS -> status = Values.text(value);
      case TrainingAttributes.METRIC_KEY -> metricKey = Values.text(value);
      case TrainingAttributes.PARAMETER_KEY -> parameterKey = Values.text(value);
      case TrainingAttributes.PARAMETER_VALUE -> parameterValue = Values.text(value);
      case TrainingAttributes.PROGRESS_KIND -> progressKind = Values.text(value);
      case TrainingAttributes.OVERWRITE, TrainingAttributes.SINGLE_VALUE ->
          overwrites |= Values.isTrue(value);
      default -> readOther(key, value);
    }
  }

  private void readOther(String key, AnyValue value) {
    int priority = stepPriority(key);
    Step found = priority == 0 ? null : Step.of(key, value);
    if (found == null) {
      if (others == null) {
        others = new TreeMap<>();
      }
      others.put(key, Values.text(value));
    } else if (priority > stepPriority) {
      // Of several steps the most specific name counts; none of them tells series apart.
      step = found;
      stepPriority = priority;
    }
  }

  private static int stepPriority(String key) {
    if (key.equals(TrainingAttributes.STEP)) {
      return 4;
    }
    if (key.equals("step")) {
      return 3;
    }
    if (key.endsWith(".step")) {
      return 2;
    }
    return key.endsWith(".iteration") ? 1 : 0;
  }

  private void clear() {
    runId = null;
    attempt = null;
    rank = null;
    name = null;
    project = null;
    group = null;
    status = null;
    metricKey = null;
    parameterKey = null;
    parameterValue = null;
    progressKind = null;
    overwrites = false;
    step = null;
    others = null;
    stepPriority = 0;
  }
}
