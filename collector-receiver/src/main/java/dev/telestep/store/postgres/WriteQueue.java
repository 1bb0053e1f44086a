package dev.telestep.store.postgres;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import dev.telestep.model.WriteRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that wait for their commit, bounded by points and by bytes. One that alone is over a
 * limit is taken when nothing else waits.
 */
final class WriteQueue {

  private final long maxPoints;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Pending> queue = new ArrayDeque<>();
  private long points;
  private long bytes;
  private boolean closed;

  /** A request with the future that its caller holds. */
  record Pending(WriteRequest request, CompletableFuture<Void> done, long points, long bytes) {
    static Pending of(WriteRequest request) {
      long points = 0;
      long bytes = 200;
      for (RunWrite write : request.runs()) {
        bytes += 100 + 2L * write.runId().length();
        for (RunRecord fact : write.records()) {
          if (fact instanceof RunRecord.Numbers numbers) {
            points += numbers.times().length;
            bytes += 200 + 24L * numbers.times().length;
          } else {
            points++;
            bytes += 200 + textBytes(fact);
          }
        }
      }
      return new Pending(request, new CompletableFuture<>(), points, bytes);
    }

    private static long textBytes(RunRecord fact) {
      if (fact instanceof RunRecord.LogLine line) {
        return 2L * line.body().length();
      }
      if (fact instanceof RunRecord.Text text) {
        return 2L * text.value().length();
      }
      if (fact instanceof RunRecord.Parameter parameter) {
        return 2L * parameter.value().length();
      }
      return 0;
    }
  }

  /** What became of an offer. */
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  WriteQueue(long maxPoints, long maxBytes) {
    this.maxPoints = maxPoints;
    this.maxBytes = maxBytes;
  }

  Offer offer(Pending pending) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      boolean full = points + pending.points > maxPoints || bytes + pending.bytes > maxBytes;
      if (full && bytes > 0) {
        return Offer.FULL;
      }
      queue.add(pending);
      points += pending.points;
      bytes += pending.bytes;
      changed.signal();
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for requests and takes what is there, about {@code maxBatchPoints} at most; what is taken
   * counts against the limits until it is {@link #release released}. Empty when the queue is closed
   * and drained.
   */
  List<Pending> take(long maxBatchPoints) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed) {
        changed.await();
      }
      return poll(maxBatchPoints);
    } finally {
      lock.unlock();
    }
  }

  /** Takes everything that waits. */
  List<Pending> takeAll() {
    lock.lock();
    try {
      return poll(Long.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  private List<Pending> poll(long maxBatchPoints) {
    List<Pending> batch = new ArrayList<>();
    long batchPoints = 0;
    while (!queue.isEmpty()) {
      Pending next = queue.element();
      if (!batch.isEmpty() && batchPoints + next.points > maxBatchPoints) {
        break;
      }
      batchPoints += next.points;
      batch.add(queue.remove());
    }
    return batch;
  }

  void release(List<Pending> batch) {
    lock.lock();
    try {
      for (Pending pending : batch) {
        points -= pending.points;
        bytes -= pending.bytes;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long points() {
    lock.lock();
    try {
      return points;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
