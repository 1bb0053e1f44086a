package dev.telestep.store.postgres;

import dev.telestep.model.WriteRequest;
import dev.telestep.store.RunWriter;
import dev.telestep.store.StoreException;
import dev.telestep.store.StoreException.Reason;
import java.util.concurrent.CompletableFuture;

/** Puts requests into the queue of the committer. */
final class PostgresRunWriter implements RunWriter {

  private final WriteQueue queue;
  private final StoreMeters meters;

  PostgresRunWriter(WriteQueue queue, StoreMeters meters) {
    this.queue = queue;
    this.meters = meters;
  }

  @Override
  public CompletableFuture<Void> write(WriteRequest request) {
    WriteQueue.Pending pending = WriteQueue.Pending.of(request);
    return switch (queue.offer(pending)) {
      case TAKEN -> pending.done();
      case FULL -> {
        meters.refusedBusy.increment();
        yield CompletableFuture.failedFuture(
            new StoreException(
                Reason.BUSY,
                "too much waits for the database: " + queue.points() + " points",
                null));
      }
      case CLOSED -> {
        meters.refusedUnavailable.increment();
        yield CompletableFuture.failedFuture(
            new StoreException(Reason.UNAVAILABLE, "the receiver is stopping", null));
      }
    };
  }
}
