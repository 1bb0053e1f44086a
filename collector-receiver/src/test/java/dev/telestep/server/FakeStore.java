package dev.telestep.server;

import dev.telestep.model.WriteRequest;
import dev.telestep.store.RunReader;
import dev.telestep.store.RunWriter;
import dev.telestep.store.StoreException;
import dev.telestep.store.StoreHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A store in memory whose answers a test decides. */
@NullMarked
public final class FakeStore implements RunWriter, RunReader, StoreHealth {

  public final List<WriteRequest> written = new CopyOnWriteArrayList<>();
  public final List<Run> runs = new CopyOnWriteArrayList<>();
  public final List<Attempt> attempts = new ArrayList<>();
  public final List<Metric> metrics = new ArrayList<>();
  public final List<CurvePoint> points = new ArrayList<>();
  public final List<Log> lines = new CopyOnWriteArrayList<>();
  public volatile @Nullable String down;

  /** What the next writes return. */
  public volatile Supplier<CompletableFuture<Void>> answer =
      () -> CompletableFuture.completedFuture(null);

  /** Called when lines have been read, before they are answered. */
  public volatile Runnable afterLogs = () -> {};

  /** Empties it and lets it work again. */
  public void reset() {
    written.clear();
    runs.clear();
    attempts.clear();
    metrics.clear();
    points.clear();
    lines.clear();
    down = null;
    afterLogs = () -> {};
    answer = () -> CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> write(WriteRequest request) {
    written.add(request);
    return answer.get();
  }

  @Override
  public List<Run> runs(Filter filter) {
    requireUp();
    return runs.stream()
        .filter(run -> filter.project() == null || run.project().equals(filter.project()))
        .filter(run -> filter.status() == null || run.status().equals(filter.status()))
        .limit(filter.limit())
        .toList();
  }

  @Override
  public List<Run> find(String text, int limit) {
    requireUp();
    List<Run> found = runs.stream().filter(run -> run.id().startsWith(text)).limit(limit).toList();
    List<Run> named = runs.stream().filter(run -> run.name().equals(text)).limit(limit).toList();
    return found.size() == 1 || named.isEmpty() ? found : named;
  }

  @Override
  public List<Attempt> attempts(String runId) {
    return attempts;
  }

  @Override
  public List<Metric> metrics(String runId) {
    return metrics;
  }

  @Override
  public List<CurvePoint> curve(String runId, String key, String xAxis, int buckets) {
    return points;
  }

  @Override
  public List<Log> logs(String runId, long afterCursor, int limit) {
    List<Log> found =
        lines.stream().filter(line -> line.cursor() > afterCursor).limit(limit).toList();
    afterLogs.run();
    return found;
  }

  @Override
  public @Nullable String check() {
    return down;
  }

  /** A run as it looks in the middle of training. */
  public static Run run(String id, String name, Map<String, Double> metrics) {
    return new Run(
        id,
        name,
        "vision",
        null,
        "running",
        0.35,
        7.0,
        20.0,
        4321L,
        12345L,
        66.0,
        Instant.parse("2026-11-21T10:00:00Z"),
        null,
        95.5,
        List.of("cnn"),
        Map.of("optimizer_name", "adam", "lr", "0.001"),
        metrics,
        "node-1",
        null);
  }

  private void requireUp() {
    String reason = down;
    if (reason != null) {
      throw new StoreException(StoreException.Reason.UNAVAILABLE, reason, null);
    }
  }
}
