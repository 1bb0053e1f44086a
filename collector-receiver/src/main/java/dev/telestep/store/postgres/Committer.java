package dev.telestep.store.postgres;

import dev.telestep.model.WriteRequest;
import dev.telestep.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits everything that waits in one transaction, again and again.
 *
 * <ul>
 *   <li>When the transaction fails because of what it holds, its halves are tried apart, and so on:
 *       one bad request costs the others a few more transactions and fails alone.
 *   <li>When the database cannot be reached, everything that waits fails at once, because its
 *       senders can wait better than we can. The next request tries again.
 * </ul>
 */
final class Committer implements Runnable {

  private static final Logger logger = LoggerFactory.getLogger(Committer.class);

  private static final long MAX_POINTS = 50_000;
  private static final int ATTEMPTS = 4;
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final WriteQueue queue;
  private final DataSource database;
  private final SchemaMigrator migrator;
  private final StoreMeters meters;
  private final Catalog catalog = new Catalog();
  private final Digests digests = new Digests();
  private long lastComplaint = System.nanoTime() - QUIET_NANOS;

  Committer(WriteQueue queue, DataSource database, SchemaMigrator migrator, StoreMeters meters) {
    this.queue = queue;
    this.database = database;
    this.migrator = migrator;
    this.meters = meters;
  }

  @Override
  public void run() {
    try {
      for (List<WriteQueue.Pending> batch = queue.take(MAX_POINTS);
          !batch.isEmpty();
          batch = queue.take(MAX_POINTS)) {
        try {
          commit(batch);
        } finally {
          queue.release(batch);
        }
        catalog.trim();
      }
    } catch (InterruptedException e) {
      queue.close();
      List<WriteQueue.Pending> rest = queue.takeAll();
      fail(
          rest,
          new StoreException(StoreException.Reason.UNAVAILABLE, "the receiver is stopping", e));
      queue.release(rest);
    }
  }

  private void commit(List<WriteQueue.Pending> batch) {
    try {
      migrator.ensure();
      transact(batch);
    } catch (SQLException | RuntimeException e) {
      StoreException failure =
          new StoreException(
              StoreException.Reason.UNAVAILABLE,
              "the database is not available: " + Failures.reason(e),
              e);
      complain(failure);
      fail(batch, failure);
      List<WriteQueue.Pending> rest = queue.takeAll();
      fail(rest, failure);
      queue.release(rest);
    }
  }

  /** Throws only when the database is at fault; every future that is not completed then is open. */
  private void transact(List<WriteQueue.Pending> batch) throws SQLException {
    List<WriteRequest> requests = batch.stream().map(WriteQueue.Pending::request).toList();
    for (int attempt = 1; ; attempt++) {
      long start = System.nanoTime();
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        new GroupCommit(connection, catalog, digests).execute(requests);
        connection.commit();
        meters.commits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        meters.commitPoints.record(
            (double) batch.stream().mapToLong(WriteQueue.Pending::points).sum());
        break;
      } catch (SQLException | RuntimeException e) {
        // The pool rolls back what was begun; numbers given in it are void.
        catalog.forget(GroupCommit.runIds(requests));
        meters.failedCommits.increment();
        if (Failures.isRetryable(e) && attempt < ATTEMPTS) {
          continue;
        }
        if (Failures.isOutage(e) || Failures.isRetryable(e)) {
          throw e;
        }
        separate(batch, e);
        return;
      }
    }
    batch.forEach(p -> p.done().complete(null));
  }

  private void separate(List<WriteQueue.Pending> batch, Exception failure) throws SQLException {
    if (batch.size() > 1) {
      int half = batch.size() / 2;
      transact(batch.subList(0, half));
      transact(batch.subList(half, batch.size()));
      return;
    }
    StoreException refusal = Failures.toStoreException("storing the request", failure);
    logger.warn("request {} cannot be stored", batch.get(0).request().requestId(), failure);
    meters.refusedInternal.increment();
    batch.get(0).done().completeExceptionally(refusal);
  }

  private void fail(List<WriteQueue.Pending> batch, StoreException failure) {
    for (WriteQueue.Pending pending : batch) {
      if (pending.done().completeExceptionally(failure)) {
        meters.refusedUnavailable.increment();
      }
    }
  }

  private void complain(StoreException failure) {
    long now = System.nanoTime();
    if (now - lastComplaint >= QUIET_NANOS) {
      lastComplaint = now;
      logger.warn("{}; what is sent is refused until it is back", failure.getMessage());
      logger.debug("details", failure);
    }
  }
}
