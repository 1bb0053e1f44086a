package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.semconv.TrainingAttributes;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What resource and scope say for all their points and records. The scope goes before the resource.
 *
 * @param resource the resource itself
 * @param runId the run, when the points need not name it
 * @param attempt the attempt, when the points need not name it
 * @param rank rank of the process in a distributed run
 * @param host name of the machine
 */
record Origin(
    Resource resource,
    @Nullable String runId,
    @Nullable String attempt,
    @Nullable String rank,
    @Nullable String host) {

  static final String HOST_NAME = "host.name";

  /** Resource attributes that have a place of their own in the model. */
  private static final Set<String> PLACED =
      Set.of(
          TrainingAttributes.RUN_ID,
          TrainingAttributes.RUN_ATTEMPT,
          TrainingAttributes.RUN_NAME,
          TrainingAttributes.PROJECT,
          TrainingAttributes.GROUP);

  static Origin of(Resource resource, InstrumentationScope scope) {
    List<KeyValue> inner = scope.getAttributesList();
    List<KeyValue> outer = resource.getAttributesList();
    return new Origin(
        resource,
        first(inner, outer, TrainingAttributes.RUN_ID),
        first(inner, outer, TrainingAttributes.RUN_ATTEMPT),
        first(inner, outer, TrainingAttributes.RANK),
        first(inner, outer, HOST_NAME));
  }

  /**
   * The attempt of a point: its own, else that of its surroundings if they speak of the same run,
   * else the empty one.
   */
  String attemptOf(String pointRunId, @Nullable String pointAttempt) {
    if (pointAttempt != null) {
      return pointAttempt;
    }
    return attempt != null && (runId == null || runId.equals(pointRunId)) ? attempt : "";
  }

  /**
   * The resource as facts about the run; null when it says nothing. Its time is 0, so that what a
   * start event or an info point says at its own time wins over it.
   */
  RunRecord.@Nullable Info info() {
    Map<String, String> rest = new HashMap<>();
    for (KeyValue attribute : resource.getAttributesList()) {
      if (!PLACED.contains(attribute.getKey())) {
        rest.put(attribute.getKey(), Values.text(attribute.getValue()));
      }
    }
    List<KeyValue> attributes = resource.getAttributesList();
    String name = Values.findText(attributes, TrainingAttributes.RUN_NAME);
    String project = Values.findText(attributes, TrainingAttributes.PROJECT);
    String group = Values.findText(attributes, TrainingAttributes.GROUP);
    if (name == null && project == null && group == null && rest.isEmpty()) {
      return null;
    }
    return new RunRecord.Info(name, project, group, List.of(), rest, 0);
  }

  private static @Nullable String first(List<KeyValue> inner, List<KeyValue> outer, String name) {
    String value = Values.findText(inner, name);
    return value != null ? value : Values.findText(outer, name);
  }
}
