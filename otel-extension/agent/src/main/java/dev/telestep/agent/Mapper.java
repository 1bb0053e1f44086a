package dev.telestep.agent;

import dev.telestep.semconv.RunStatus;
import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import dev.telestep.semconv.TrainingEvents.BodyKey;
import dev.telestep.semconv.TrainingEvents.ProgressKind;
import dev.telestep.semconv.TrainingMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the entries of one process into OTLP: numbers into gauges, the rest into log records, as
 * ARCHITECTURE.md says under "The wire". For one thread.
 */
final class Mapper {

  private static final int MAX_CACHED = 10_000;
  private static final List<String> PROGRESS_KINDS =
      List.of(
          ProgressKind.EPOCH,
          ProgressKind.OVERALL_EPOCHS,
          ProgressKind.STEP,
          ProgressKind.OVERALL_STEPS);

  private final Resource resource;
  private final long heartbeatMillis;
  private final Map<String, Resource> resources = new HashMap<>();
  private final Map<RunIdentity, Map<String, Attributes>> metricAttributes = new HashMap<>();
  private int cached;

  /**
   * @param resource of the process whose entries these are
   * @param heartbeatMillis milliseconds between its heartbeats, 0 when it sends none any more
   */
  Mapper(Resource resource, long heartbeatMillis) {
    this.resource = resource;
    this.heartbeatMillis = heartbeatMillis;
  }

  Requests map(List<Entry> entries) {
    Requests requests = new Requests();
    Map<RunIdentity, RunPoints> points = new LinkedHashMap<>();
    for (Entry entry : entries) {
      RunPoints runPoints = points.computeIfAbsent(entry.run, RunPoints::new);
      switch (entry.kind) {
        case METRICS:
          row(entry, runPoints, requests);
          break;
        case PARAMETERS:
          parameters(entry, entry.body, runPoints);
          break;
        case PROGRESS:
          progress(entry, runPoints);
          break;
        case START:
          start(entry, runPoints, requests);
          break;
        case END:
          requests.after.add(event(entry, TrainingEvents.RUN_END, entry.body));
          break;
        case LINE:
          requests.before.add(
              new ExportedLog(
                  resourceOf(entry.run.runId),
                  entry,
                  null,
                  entry.body,
                  entry.run.attributes().putAll(entry.attributes).build()));
          break;
      }
    }
    points.forEach((run, runPoints) -> runPoints.addTo(requests.metrics, resourceOf(run.runId)));
    return requests;
  }

  /** The sign of life of a run. */
  MetricData heartbeat(RunIdentity run, long time) {
    RunPoints points = new RunPoints(run);
    points.add(
        TrainingMetrics.RUN_STATUS,
        time,
        1,
        run.attributes().put(TrainingAttributes.RUN_STATUS, RunStatus.RUNNING).build());
    List<MetricData> metrics = new ArrayList<>();
    points.addTo(metrics, resourceOf(run.runId));
    return metrics.get(0);
  }

  private void row(Entry entry, RunPoints points, Requests requests) {
    List<KeyValue> rest = new ArrayList<>();
    int length = 0;
    for (KeyValue item : items(entry.body)) {
      Value<?> value = item.getValue();
      if (value.getType() == ValueType.LONG || value.getType() == ValueType.DOUBLE) {
        point(entry, points, item.getKey(), 0, number(value));
        length = Math.max(length, 1);
      } else if (isNumbers(value)) {
        List<Value<?>> elements = elements(value);
        for (int i = 0; i < elements.size(); i++) {
          point(entry, points, item.getKey(), i, number(elements.get(i)));
        }
        length = Math.max(length, elements.size());
      } else {
        rest.add(item);
      }
    }
    if (entry.step != Entry.NONE) {
      for (int i = 0; i < length; i++) {
        points.add(
            TrainingMetrics.METRIC,
            entry.time + i,
            (double) (entry.step + i),
            metricAttributes(entry, TrainingMetrics.STEP_KEY, false));
      }
    }
    if (!rest.isEmpty()) {
      requests.before.add(
          event(entry, TrainingEvents.METRICS, Value.of(rest.toArray(new KeyValue[0]))));
    }
    countRow(entry, points);
  }

  private static void countRow(Entry entry, RunPoints points) {
    if (entry.row != Entry.NONE && entry.row > points.rows) {
      points.rows = entry.row;
      points.rowsTime = entry.time;
    }
  }

  private void point(Entry entry, RunPoints points, String key, int index, double value) {
    points.add(
        TrainingMetrics.METRIC,
        entry.time + index,
        value,
        metricAttributes(entry, key, entry.overwrite && index == 0));
  }

  private void parameters(Entry entry, Value<?> parameters, RunPoints points) {
    for (KeyValue parameter : items(parameters)) {
      points.add(
          TrainingMetrics.PARAMETER,
          entry.time,
          1,
          entry
              .run
              .attributes()
              .put(TrainingAttributes.PARAMETER_KEY, parameter.getKey())
              .put(TrainingAttributes.PARAMETER_VALUE, parameter.getValue().asString())
              .build());
    }
  }

  private void progress(Entry entry, RunPoints points) {
    for (KeyValue part : items(entry.body)) {
      ValueType type = part.getValue().getType();
      if (PROGRESS_KINDS.contains(part.getKey())
          && (type == ValueType.LONG || type == ValueType.DOUBLE)) {
        points.add(
            TrainingMetrics.PROGRESS,
            entry.time,
            number(part.getValue()),
            entry.run.attributes().put(TrainingAttributes.PROGRESS_KIND, part.getKey()).build());
      }
    }
    countRow(entry, points);
  }

  private void start(Entry entry, RunPoints points, Requests requests) {
    List<KeyValue> body = new ArrayList<>(items(entry.body));
    body.add(KeyValue.of(BodyKey.HEARTBEAT_INTERVAL, Value.of(heartbeatMillis)));
    requests.before.add(
        event(entry, TrainingEvents.RUN_START, Value.of(body.toArray(new KeyValue[0]))));
    AttributesBuilder info = entry.run.attributes();
    for (KeyValue item : items(entry.body)) {
      switch (item.getKey()) {
        case BodyKey.NAME:
          info.put(TrainingAttributes.RUN_NAME, item.getValue().asString());
          break;
        case BodyKey.PROJECT:
          info.put(TrainingAttributes.PROJECT, item.getValue().asString());
          break;
        case BodyKey.GROUP:
          info.put(TrainingAttributes.GROUP, item.getValue().asString());
          break;
        case BodyKey.PARAMETERS:
          parameters(entry, item.getValue(), points);
          break;
        default:
          break;
      }
    }
    points.add(TrainingMetrics.RUN_INFO, entry.time, 1, info.build());
    progress(entry, points);
  }

  private ExportedLog event(Entry entry, String name, Value<?> body) {
    AttributesBuilder attributes = entry.run.attributes().putAll(entry.attributes);
    if (entry.step != Entry.NONE) {
      attributes.put(TrainingAttributes.STEP, entry.step);
    }
    if (entry.row != Entry.NONE) {
      attributes.put(TrainingAttributes.ROW, entry.row);
    }
    flags(attributes, entry.overwrite, entry.singleValue);
    return new ExportedLog(resourceOf(entry.run.runId), entry, name, body, attributes.build());
  }

  private Attributes metricAttributes(Entry entry, String key, boolean overwrite) {
    // Flags are rare: only the plain set is worth keeping.
    if (overwrite || entry.singleValue) {
      return metricAttributes(entry.run, key, overwrite, entry.singleValue);
    }
    if (cached >= MAX_CACHED) {
      metricAttributes.clear();
      cached = 0;
    }
    return metricAttributes
        .computeIfAbsent(entry.run, run -> new HashMap<>())
        .computeIfAbsent(
            key,
            plain -> {
              cached++;
              return metricAttributes(entry.run, plain, false, false);
            });
  }

  private static Attributes metricAttributes(
      RunIdentity run, String key, boolean overwrite, boolean singleValue) {
    AttributesBuilder attributes = run.attributes().put(TrainingAttributes.METRIC_KEY, key);
    // A reset of the step would hide the steps of every other key.
    boolean isStep = key.equals(TrainingMetrics.STEP_KEY);
    flags(attributes, overwrite && !isStep, singleValue && !isStep);
    return attributes.build();
  }

  private static void flags(AttributesBuilder attributes, boolean overwrite, boolean singleValue) {
    if (overwrite) {
      attributes.put(TrainingAttributes.OVERWRITE, true);
    }
    if (singleValue) {
      attributes.put(TrainingAttributes.SINGLE_VALUE, true);
    }
  }

  private Resource resourceOf(String runId) {
    if (resources.size() >= MAX_CACHED) {
      resources.clear();
    }
    return resources.computeIfAbsent(
        runId,
        id -> {
          AttributeKey<String> key = AttributeKey.stringKey(TrainingAttributes.RUN_ID);
          if (id.equals(resource.getAttribute(key))) {
            return resource;
          }
          // The process's own run has another name and perhaps another project.
          AttributesBuilder attributes = resource.getAttributes().toBuilder();
          attributes.removeIf(
              other ->
                  other.getKey().equals(TrainingAttributes.RUN_NAME)
                      || other.getKey().equals(TrainingAttributes.PROJECT));
          return Resource.create(attributes.put(key, id).build(), resource.getSchemaUrl());
        });
  }

  @SuppressWarnings("unchecked") // the type of a value says the class of what it holds
  private static List<KeyValue> items(Value<?> body) {
    return body.getType() == ValueType.KEY_VALUE_LIST
        ? (List<KeyValue>) body.getValue()
        : List.of();
  }

  @SuppressWarnings("unchecked") // as above
  private static List<Value<?>> elements(Value<?> value) {
    return (List<Value<?>>) value.getValue();
  }

  private static boolean isNumbers(Value<?> value) {
    return value.getType() == ValueType.ARRAY
        && !elements(value).isEmpty()
        && elements(value).stream()
            .allMatch(
                element ->
                    element.getType() == ValueType.LONG || element.getType() == ValueType.DOUBLE);
  }

  private static double number(Value<?> value) {
    return ((Number) value.getValue()).doubleValue();
  }
}
