package dev.telestep.agent;

import dev.telestep.agent.Failure.Kind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers entries for certain: waits out outages, and cuts down what the receiver refuses until
 * the bad entries stand alone in the quarantine. For one thread.
 *
 * <p>Requests that were delivered are sent again when a later one of the same batch is refused;
 * receivers keep a point once.
 */
final class Delivery {

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;
  private static final long JOIN_MILLIS = 50;
  private static final long SURELY_LARGE = 2 << 20;
  private static final long PERHAPS_LARGE = 128 << 10;

  private final Supplier<Exporters> exporters;
  private final LongPredicate pause;
  private final Quarantine quarantine;
  private final Complaints outages = new Complaints();

  /**
   * @param pause waits for some milliseconds; false when it is time to give up
   */
  Delivery(Supplier<Exporters> exporters, LongPredicate pause, Quarantine quarantine) {
    this.exporters = exporters;
    this.pause = pause;
    this.quarantine = quarantine;
  }

  /** Delivers or quarantines every entry; false when it gave up before. */
  boolean deliver(List<Entry> entries, Mapper mapper) {
    if (entries.isEmpty()) {
      return true;
    }
    Requests requests;
    try {
      requests = mapper.map(entries);
    } catch (RuntimeException e) {
      return cutDown(entries, mapper, "it cannot be mapped: " + e);
    }
    long pauseMillis = FIRST_PAUSE_MILLIS;
    int done = 0;
    while (done < 3) {
      Failure failure = send(requests, done);
      if (failure == null) {
        done++;
      } else if (isRefusal(failure, entries)) {
        return cutDown(entries, mapper, failure.reason);
      } else {
        outages.report(1, () -> "runs cannot be delivered now, and are kept: " + failure.reason);
        double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1);
        if (!pause.test((long) (pauseMillis * jitter))) {
          return false;
        }
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
      }
    }
    return true;
  }

  private boolean cutDown(List<Entry> entries, Mapper mapper, String reason) {
    if (entries.size() == 1) {
      quarantine.add(entries.get(0).toString(), reason);
      return pause.test(0);
    }
    int half = entries.size() / 2;
    return deliver(entries.subList(0, half), mapper)
        && deliver(entries.subList(half, entries.size()), mapper);
  }

  /** Whether the same request would fail again; too large is also said by busy receivers. */
  private static boolean isRefusal(Failure failure, List<Entry> entries) {
    if (failure.kind == Kind.TOO_LARGE) {
      return Batch.cost(entries) > (entries.size() == 1 ? SURELY_LARGE : PERHAPS_LARGE);
    }
    return failure.kind == Kind.REFUSED;
  }

  private @Nullable Failure send(Requests requests, int part) {
    try {
      Exporters to = exporters.get();
      switch (part) {
        case 0:
          return requests.before.isEmpty() ? null : await(to.logs(requests.before));
        case 1:
          return requests.metrics.isEmpty() ? null : await(to.metrics(requests.metrics));
        default:
          return requests.after.isEmpty() ? null : await(to.logs(requests.after));
      }
    } catch (RuntimeException | LinkageError e) {
      return Failure.of(e);
    }
  }

  /**
   * An exporter takes one request at a time, so the wait ends with it or with the last deadline.
   */
  private @Nullable Failure await(CompletableResultCode result) {
    while (!result.join(JOIN_MILLIS, TimeUnit.MILLISECONDS).isDone()) {
      if (!pause.test(0)) {
        return Failure.of(null);
      }
    }
    return result.isSuccess() ? null : Failure.of(result.getFailureThrowable());
  }
}
