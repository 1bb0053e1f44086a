package dev.telestep.store.postgres;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one commit says about one run, folded into what was known of it. */
final class RunBatch {

  final RunRow run;
  private final Map<String, AttemptRow> attempts = new LinkedHashMap<>();
  private final List<AttemptRow> knownOrder;
  private final List<AttemptRow> touched = new ArrayList<>();
  final Map<SeriesKey, SeriesBatch> series = new LinkedHashMap<>();
  final Map<String, Timed<String>> parameters = new TreeMap<>();
  final List<Line> lines = new ArrayList<>();

  /** A line of the log; {@code repetition} counts equal ones of a request from 0. */
  record Line(int attempt, RunRecord.LogLine line, int repetition) {}

  /**
   * @param known all attempts of the run
   */
  RunBatch(RunRow run, List<AttemptRow> known) {
    this.run = run;
    known.forEach(a -> attempts.put(a.attempt, a));
    knownOrder = known.stream().sorted(AttemptRow.BY_START).toList();
  }

  /** Folds a part of a request in; throws IllegalArgumentException when it makes no sense. */
  void take(RunWrite write, long receivedNanos) {
    AttemptRow attempt = attempt(Texts.clean(write.attempt()));
    attempt.heard(receivedNanos);
    Map<RunRecord.LogLine, Integer> repetitions = new HashMap<>();
    for (RunRecord fact : write.records()) {
      take(attempt, fact, repetitions);
    }
    attempt.settle();
  }

  private void take(
      AttemptRow attempt, RunRecord fact, Map<RunRecord.LogLine, Integer> repetitions) {
    if (fact instanceof RunRecord.Numbers numbers) {
      numbers(attempt, numbers);
    } else if (fact instanceof RunRecord.Text text) {
      saw(attempt, text.time());
      checkStep(text.step());
      series(text.series()).text(attempt.no, text);
      reached(text.series(), text.step(), text.time());
    } else if (fact instanceof RunRecord.Reset reset) {
      saw(attempt, reset.time());
      series(reset.series()).reset(reset.time());
    } else if (fact instanceof RunRecord.LogLine line) {
      saw(attempt, line.time());
      lines.add(new Line(attempt.no, line, repetitions.merge(line, 1, Integer::sum) - 1));
    } else if (fact instanceof RunRecord.Parameter parameter) {
      saw(attempt, parameter.time());
      parameters
          .computeIfAbsent(Texts.clean(parameter.name()), n -> new Timed<>(null, null))
          .offer(Texts.clean(parameter.value()), parameter.time());
    } else if (fact instanceof RunRecord.Info info) {
      if (info.time() != 0) {
        saw(attempt, info.time());
      }
      info(attempt, info);
    } else if (fact instanceof RunRecord.Start start) {
      saw(attempt, start.time());
      attempt.start(start);
    } else if (fact instanceof RunRecord.End end) {
      saw(attempt, end.time());
      attempt.end(end);
    } else if (fact instanceof RunRecord.Heartbeat heartbeat) {
      saw(attempt, heartbeat.time());
    } else if (fact instanceof RunRecord.Progress progress) {
      saw(attempt, progress.time());
      run.progress(progress.kind(), progress.value(), progress.time());
    } else if (fact instanceof RunRecord.RowsLogged rows) {
      saw(attempt, rows.time());
      attempt.rowsLogged(rows);
    }
  }

  private void numbers(AttemptRow attempt, RunRecord.Numbers numbers) {
    int n = numbers.times().length;
    if (numbers.steps().length != n || numbers.values().length != n) {
      throw new IllegalArgumentException(
          "columns of different lengths: " + numbers.steps().length + ", " + n);
    }
    int newest = 0;
    for (int i = 0; i < n; i++) {
      saw(attempt, numbers.times()[i]);
      checkStep(numbers.steps()[i]);
      newest = numbers.times()[i] >= numbers.times()[newest] ? i : newest;
    }
    if (n > 0) {
      series(numbers.series()).numbers(attempt.no, numbers);
      reached(numbers.series(), numbers.steps()[newest], numbers.times()[newest]);
    }
  }

  private void info(AttemptRow attempt, RunRecord.Info info) {
    String name = info.name();
    String project = info.project();
    String group = info.group();
    run.name.offer(name == null ? null : Texts.clean(name), info.time());
    run.project.offer(project == null ? null : Texts.clean(project), info.time());
    run.group.offer(group == null ? null : Texts.clean(group), info.time());
    if (!info.tags().isEmpty()) {
      run.tags.offer(Json.text(info.tags().stream().map(Texts::clean).toList()), info.time());
    }
    attempt.resource(info.resource(), info.time());
  }

  private void reached(SeriesKey key, long step, long time) {
    if (step != RunRecord.NO_STEP && key.kind() == SeriesKey.Kind.METRIC) {
      run.step(step, time);
    }
  }

  /** Attempts to be written back. */
  List<AttemptRow> touched() {
    return touched;
  }

  /** Works out what follows from the attempts' starts; true when known ones changed places. */
  boolean settle() {
    List<AttemptRow> order = new ArrayList<>(attempts.values());
    order.sort(AttemptRow.BY_START);
    run.startedNanos = order.get(0).startNanos();
    run.head = order.get(order.size() - 1).no;
    order.retainAll(knownOrder);
    return !order.equals(knownOrder);
  }

  private AttemptRow attempt(String name) {
    AttemptRow row = attempts.get(name);
    if (row == null) {
      int no = attempts.values().stream().mapToInt(a -> a.no).max().orElse(-1) + 1;
      if (no > Short.MAX_VALUE) {
        throw new IllegalArgumentException("run " + run.runId + " has too many attempts: " + no);
      }
      row = new AttemptRow(run.runId, no, name);
      attempts.put(name, row);
    }
    if (!touched.contains(row)) {
      touched.add(row);
    }
    return row;
  }

  private SeriesBatch series(SeriesKey key) {
    return series.computeIfAbsent(clean(key), k -> new SeriesBatch());
  }

  private static SeriesKey clean(SeriesKey key) {
    if (key.attributes().isEmpty()) {
      String clean = Texts.clean(key.key());
      return clean.equals(key.key()) ? key : new SeriesKey(clean, key.attributes(), key.kind());
    }
    SortedMap<String, String> attributes = new TreeMap<>();
    key.attributes()
        .forEach((name, value) -> attributes.put(Texts.clean(name), Texts.clean(value)));
    return new SeriesKey(Texts.clean(key.key()), attributes, key.kind());
  }

  private static void saw(AttemptRow attempt, long time) {
    if (time < 0) {
      throw new IllegalArgumentException("a time must not be negative: " + time);
    }
    attempt.saw(time);
  }

  private static void checkStep(long step) {
    if (step < 0 && step != RunRecord.NO_STEP) {
      throw new IllegalArgumentException("a step must not be negative: " + step);
    }
  }
}
