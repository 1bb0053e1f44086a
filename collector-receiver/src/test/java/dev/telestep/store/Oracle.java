package dev.telestep.store;

import dev.telestep.model.RunRecord;
import dev.telestep.model.SeriesKey;
import dev.telestep.model.WriteRequest;
import dev.telestep.store.StoreFixture.ShownPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random writes of one series, in few steps and values so that they collide, and the points that
 * the rules of ARCHITECTURE.md leave of them, worked out the slow and plain way.
 */
final class Oracle {

  private static final List<String> ATTEMPTS = List.of("zero", "one", "two");

  private final List<Write> writes = new ArrayList<>();
  private long resetTime = Long.MIN_VALUE;

  private record Write(int attempt, long step, long time, double value) {}

  List<WriteRequest> requests(String run, Random random) {
    List<WriteRequest> requests = new ArrayList<>();
    for (int attempt = 0; attempt < ATTEMPTS.size(); attempt++) {
      long time = attempt * 1_000_000L;
      requests.add(Writes.request(run, ATTEMPTS.get(attempt), Writes.start(time)));
      long firstStep = random.nextInt(10);
      for (int i = 0; i < 30; i++) {
        List<RunRecord> records = new ArrayList<>();
        for (int j = random.nextInt(6); j >= 0; j--) {
          time += 1 + random.nextInt(5);
          Write write = new Write(attempt, firstStep + random.nextInt(12), time, random.nextInt(3));
          writes.add(write);
          records.add(Writes.point("loss", write.step, write.time, write.value));
        }
        if (random.nextInt(40) == 0) {
          resetTime = Math.max(resetTime, time);
          records.add(new RunRecord.Reset(SeriesKey.metric("loss"), time));
        }
        requests.add(Writes.request(run, ATTEMPTS.get(attempt), records.toArray(RunRecord[]::new)));
      }
    }
    return requests;
  }

  List<ShownPoint> shown() {
    Map<List<Long>, List<Write>> identities = new TreeMap<>(Comparator.comparing(Object::toString));
    writes.stream()
        .filter(w -> w.time >= resetTime)
        .sorted(Comparator.comparingLong(Write::time))
        .forEach(
            w ->
                identities
                    .computeIfAbsent(List.of((long) w.attempt, w.step), i -> new ArrayList<>())
                    .add(w));
    List<Write> kept = new ArrayList<>();
    for (List<Write> history : identities.values()) {
      Write shown = history.get(0);
      for (Write next : history) {
        shown = next.value == shown.value ? shown : next;
      }
      kept.add(shown);
    }
    return kept.stream()
        .filter(w -> kept.stream().noneMatch(b -> b.attempt > w.attempt && b.step <= w.step))
        .map(w -> ShownPoint.of(ATTEMPTS.get(w.attempt), w.step, w.time, w.value))
        .toList();
  }
}
