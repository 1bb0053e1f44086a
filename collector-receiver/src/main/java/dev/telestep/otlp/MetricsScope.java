package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.model.SeriesKey;
import dev.telestep.semconv.RunStatus;
import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents.ProgressKind;
import dev.telestep.semconv.TrainingMetrics;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the metrics of one scope: the metrics encoding, and ordinary metrics. */
final class MetricsScope {

  private static final String TRAINING = "training.";
  private static final List<String> RESOURCE_PREFIXES =
      List.of("system.", "process.", "jvm.", "hw.", "container.", "k8s.");
  private static final Set<String> PROGRESS_KINDS =
      Set.of(
          ProgressKind.EPOCH,
          ProgressKind.OVERALL_EPOCHS,
          ProgressKind.STEP,
          ProgressKind.OVERALL_STEPS);
  private static final Set<String> END_STATES =
      Set.of(RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED, RunStatus.STOPPED);

  private final Decoding decoding;
  private final Origin origin;
  private final StepPairing pairing;
  private final PointLabels labels = new PointLabels();

  MetricsScope(Decoding decoding, Origin origin) {
    this.decoding = decoding;
    this.origin = origin;
    decoding.enter(origin);
    this.pairing = new StepPairing(decoding);
  }

  void read(List<Metric> metrics) {
    for (Metric metric : metrics) {
      String name = metric.getName();
      switch (metric.getDataCase()) {
        case GAUGE -> metric.getGauge().getDataPointsList().forEach(p -> number(name, p));
        case SUM -> metric.getSum().getDataPointsList().forEach(p -> number(name, p));
        case HISTOGRAM ->
            metric.getHistogram().getDataPointsList().forEach(p -> histogram(name, p));
        case EXPONENTIAL_HISTOGRAM ->
            metric.getExponentialHistogram().getDataPointsList().forEach(p -> histogram(name, p));
        case SUMMARY -> metric.getSummary().getDataPointsList().forEach(p -> summary(name, p));
        case DATA_NOT_SET -> decoding.countIgnored();
      }
    }
    pairing.finish();
  }

  private void number(String name, NumberDataPoint point) {
    long time = decoding.timeOr(point.getTimeUnixNano(), 0);
    RunAssembly run = begin(name, point.getAttributesList(), time, point.getFlags());
    if (run == null) {
      return;
    }
    double value =
        switch (point.getValueCase()) {
          case AS_DOUBLE -> point.getAsDouble();
          case AS_INT -> (double) point.getAsInt();
          case VALUE_NOT_SET -> 0;
        };
    if (point.getValueCase() == NumberDataPoint.ValueCase.VALUE_NOT_SET) {
      reject(RejectionReason.BAD_VALUE, Rejections.shown(name) + " has a point without a value");
      return;
    }
    switch (name) {
      case TrainingMetrics.METRIC -> trainingMetric(run, point, time, value);
      case TrainingMetrics.PARAMETER -> parameter(run, time);
      case TrainingMetrics.PROGRESS -> progress(run, time, value);
      case TrainingMetrics.RUN_STATUS -> status(run, time);
      case TrainingMetrics.RUN_ROWS -> run.rowsLogged((long) value, time);
      case TrainingMetrics.RUN_INFO ->
          run.add(
              new RunRecord.Info(
                  labels.name, labels.project, labels.group, List.of(), Map.of(), time));
      case TrainingMetrics.STEP_KEY, TrainingAttributes.STEP -> step(run, name, point, time);
      default -> ordinary(run, name, time, value, false);
    }
  }

  private void trainingMetric(RunAssembly run, NumberDataPoint point, long time, double value) {
    String key = labels.metricKey == null ? "" : labels.metricKey;
    if (key.equals(TrainingMetrics.STEP_KEY)) {
      decoding.countRow();
      step(run, key, point, time);
      return;
    }
    if (!accept(decoding.checkKey(TrainingAttributes.METRIC_KEY, key))) {
      return;
    }
    SeriesKey series =
        labels.others == null && rank() == null
            ? run.metric(key)
            : new SeriesKey(key, attributes(SeriesKey.Kind.METRIC), SeriesKey.Kind.METRIC);
    pairing.add(
        new StepPairing.Pending(
            run, rank(), series, time, value, labels.step, labels.overwrites, false, false));
  }

  private void step(RunAssembly run, String name, NumberDataPoint point, long time) {
    Step step =
        point.hasAsInt() ? Step.of(name, point.getAsInt()) : Step.of(name, point.getAsDouble());
    if (step.fault() != null) {
      decoding.rejections.add(step.fault());
    }
    pairing.addStep(run, rank(), time, step);
  }

  private void parameter(RunAssembly run, long time) {
    String key = labels.parameterKey == null ? "" : labels.parameterKey;
    if (accept(decoding.checkKey(TrainingAttributes.PARAMETER_KEY, key))) {
      run.parameter(key, labels.parameterValue == null ? "" : labels.parameterValue, time);
    }
  }

  private void progress(RunAssembly run, long time, double value) {
    String kind = labels.progressKind == null ? "" : labels.progressKind;
    if (!PROGRESS_KINDS.contains(kind)) {
      reject(
          RejectionReason.BAD_VALUE,
          "training.progress.kind must be epoch, overall_epochs, step or overall_steps: "
              + Rejections.shown(kind));
      return;
    }
    run.progress(kind, value, time);
    if (kind.equals(ProgressKind.EPOCH)) {
      SeriesKey series =
          new SeriesKey(kind, attributes(SeriesKey.Kind.METRIC), SeriesKey.Kind.METRIC);
      // No guess at a step here: only the point's own counts.
      Step step = labels.step == null ? Step.NONE : labels.step;
      if (accept(step.fault())) {
        run.number(series, step.value(), time, value);
        decoding.countPoint();
      }
    }
  }

  private void status(RunAssembly run, long time) {
    String status = labels.status == null ? "" : labels.status;
    if (status.equals(RunStatus.RUNNING)) {
      run.heartbeat(time);
    } else if (END_STATES.contains(status)) {
      run.add(new RunRecord.End(time, status, null, null, null));
    } else {
      reject(
          RejectionReason.BAD_VALUE,
          "training.run.status must be running, finished, failed, killed or stopped: "
              + Rejections.shown(status));
    }
  }

  private void histogram(String name, HistogramDataPoint point) {
    long time = decoding.timeOr(point.getTimeUnixNano(), 0);
    RunAssembly run = begin(name, point.getAttributesList(), time, point.getFlags());
    if (run == null) {
      return;
    }
    ordinary(run, name + ".count", time, unsigned(point.getCount()), false);
    part(run, name + ".sum", time, point.hasSum(), point.getSum());
    part(run, name + ".min", time, point.hasMin(), point.getMin());
    part(run, name + ".max", time, point.hasMax(), point.getMax());
  }

  private void histogram(String name, ExponentialHistogramDataPoint point) {
    long time = decoding.timeOr(point.getTimeUnixNano(), 0);
    RunAssembly run = begin(name, point.getAttributesList(), time, point.getFlags());
    if (run == null) {
      return;
    }
    ordinary(run, name + ".count", time, unsigned(point.getCount()), false);
    part(run, name + ".sum", time, point.hasSum(), point.getSum());
    part(run, name + ".min", time, point.hasMin(), point.getMin());
    part(run, name + ".max", time, point.hasMax(), point.getMax());
  }

  private void summary(String name, SummaryDataPoint point) {
    long time = decoding.timeOr(point.getTimeUnixNano(), 0);
    RunAssembly run = begin(name, point.getAttributesList(), time, point.getFlags());
    if (run == null) {
      return;
    }
    ordinary(run, name + ".count", time, unsigned(point.getCount()), false);
    ordinary(run, name + ".sum", time, point.getSum(), true);
    for (SummaryDataPoint.ValueAtQuantile quantile : point.getQuantileValuesList()) {
      TreeMap<String, String> own = labels.others;
      labels.others = own == null ? new TreeMap<>() : new TreeMap<>(own);
      labels.others.put("quantile", Values.text(quantile.getQuantile()));
      ordinary(run, name, time, quantile.getValue(), true);
      labels.others = own;
    }
  }

  private void part(RunAssembly run, String name, long time, boolean present, double value) {
    if (present) {
      ordinary(run, name, time, value, true);
    }
  }

  private void ordinary(RunAssembly run, String name, long time, double value, boolean extra) {
    Rejection fault = decoding.checkKey("the name of a metric", name);
    if (fault != null) {
      if (!extra) {
        decoding.rejections.add(fault);
      }
      return;
    }
    SeriesKey.Kind kind = kind(name);
    Step step = labels.step;
    if (step == null && kind == SeriesKey.Kind.RESOURCE) {
      // Counters of the machine are no part of a row; their step is decided when they are read.
      step = Step.NONE;
    }
    SeriesKey series = new SeriesKey(name, attributes(kind), kind);
    pairing.add(
        new StepPairing.Pending(
            run, rank(), series, time, value, step, labels.overwrites, true, extra));
  }

  /**
   * Reads the attributes of a point and finds its run; null when the point is ours no more, be it
   * rejected or ignored.
   */
  private @Nullable RunAssembly begin(
      String name, List<KeyValue> attributes, long time, int flags) {
    if ((flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) != 0) {
      decoding.countIgnored();
      return null;
    }
    labels.read(attributes);
    String runId = labels.runId == null ? origin.runId() : labels.runId;
    if (runId == null) {
      if (name.startsWith(TRAINING)) {
        reject(
            RejectionReason.NO_RUN_ID,
            Rejections.shown(name)
                + " needs training.run.id on the point, the scope or the resource");
      } else {
        decoding.countIgnored();
      }
      return null;
    }
    String attempt = origin.attemptOf(runId, labels.attempt);
    if (!accept(Decoding.checkRun(runId, attempt)) || !accept(decoding.checkTime(name, time))) {
      return null;
    }
    return decoding.run(runId, attempt);
  }

  private @Nullable String rank() {
    return labels.rank == null ? origin.rank() : labels.rank;
  }

  private SortedMap<String, String> attributes(SeriesKey.Kind kind) {
    TreeMap<String, String> attributes =
        labels.others == null ? new TreeMap<>() : new TreeMap<>(labels.others);
    String rank = rank();
    if (rank != null) {
      attributes.put(TrainingAttributes.RANK, rank);
    }
    if (kind == SeriesKey.Kind.RESOURCE && origin.host() != null) {
      attributes.putIfAbsent(Origin.HOST_NAME, origin.host());
    }
    return attributes;
  }

  private boolean accept(@Nullable Rejection fault) {
    if (fault != null) {
      decoding.rejections.add(fault);
    }
    return fault == null;
  }

  private void reject(RejectionReason reason, String message) {
    decoding.rejections.add(new Rejection(reason, message));
  }

  private static SeriesKey.Kind kind(String name) {
    for (String prefix : RESOURCE_PREFIXES) {
      if (name.startsWith(prefix)) {
        return SeriesKey.Kind.RESOURCE;
      }
    }
    return SeriesKey.Kind.METRIC;
  }

  private static double unsigned(long count) {
    return count >= 0 ? (double) count : (double) count + 0x1p64;
  }
}
