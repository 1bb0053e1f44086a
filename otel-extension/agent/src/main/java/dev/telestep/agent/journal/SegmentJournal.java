package dev.telestep.agent.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A journal in memory-mapped segments of one size.
 *
 * <p>Appending copies into mapped memory under a lock: what was appended survives the death of the
 * process at once, and that of the machine once it is forced, every five seconds. A thread of its
 * own forces, and keeps one empty segment ready, so that appending almost never makes a file; where
 * it must, it tries once a second at most.
 */
public final class SegmentJournal implements Journal {

  private static final int MAX_SEGMENT_BYTES = 4 << 20;
  private static final int MIN_SEGMENT_BYTES = 64 << 10;
  private static final long FORCE_NANOS = 5_000_000_000L;
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final ProcessDirectory directory;
  private final Acknowledgement acknowledgement;
  private final int segmentBytes;
  private final int maxSegments;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rolled = lock.newCondition();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final List<Segment> undeleted = new ArrayList<>();
  private Segment current;
  private @Nullable Segment spare;
  private int nextNumber = 1;
  private long retryAt = System.nanoTime();
  private boolean closed;

  private Segment reading;
  private int readOffset;

  private SegmentJournal(ProcessDirectory directory, int segmentBytes, int maxSegments)
      throws IOException {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.maxSegments = maxSegments;
    this.acknowledgement = directory.acknowledgement();
    this.current = Segment.create(directory.segmentFile(nextNumber), nextNumber, segmentBytes);
    this.reading = current;
    nextNumber++;
    segments.add(current);
  }

  /**
   * Opens an empty journal.
   *
   * @param maxBytes most bytes on the disk, at least 256 KiB; starts and ends may use one segment
   *     (an eighth of it, at most 4 MiB) more
   */
  public static SegmentJournal create(ProcessDirectory directory, long maxBytes)
      throws IOException {
    int segmentBytes = (int) Math.max(MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, maxBytes / 8));
    SegmentJournal journal =
        new SegmentJournal(
            directory,
            segmentBytes,
            (int) Math.min(Integer.MAX_VALUE / 2, maxBytes / segmentBytes));
    Thread keeper = new Thread(journal::keep, "telestep-journal");
    keeper.setDaemon(true);
    keeper.start();
    return journal;
  }

  @Override
  public boolean append(byte[] payload, int length, boolean important) {
    if (length <= 0 || length > maxEntryBytes()) {
      return false;
    }
    int checksum = Segment.checksum(payload, length);
    lock.lock();
    try {
      if (closed || !hasRoom(length, important)) {
        return false;
      }
      current.append(payload, length, checksum);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int maxEntryBytes() {
    return segmentBytes / 4;
  }

  @Override
  public byte @Nullable [] next() {
    int end;
    lock.lock();
    try {
      while (readOffset == reading.end() && reading != current) {
        reading = after(reading);
        readOffset = 0;
      }
      end = reading.end();
    } finally {
      lock.unlock();
    }
    if (readOffset >= end) {
      return null;
    }
    byte[] entry = reading.read(readOffset);
    if (entry == null) {
      // The disk lost what was mapped: nothing behind it in this segment can be found.
      readOffset = end;
      return next();
    }
    readOffset += Segment.HEADER_BYTES + entry.length;
    return entry;
  }

  @Override
  public long position() {
    return Acknowledgement.position(reading.number, readOffset);
  }

  @Override
  public void acknowledge(long position) throws IOException {
    acknowledgement.set(position);
    lock.lock();
    try {
      Iterator<Segment> oldest = segments.iterator();
      while (oldest.hasNext()) {
        Segment segment = oldest.next();
        if (segment.number >= Acknowledgement.segment(position)) {
          break;
        }
        oldest.remove();
        undeleted.add(segment);
      }
    } finally {
      lock.unlock();
    }
    deleteAcknowledged();
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      rolled.signalAll();
      current.force();
      dropSpare();
      deleteFiles();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(int length, boolean important) {
    if (segments.size() > maxSegments && !important) {
      return false;
    }
    if (current.fits(length)) {
      return true;
    }
    if (segments.size() >= maxSegments + (important ? 1 : 0)) {
      return false;
    }
    Segment next = spare != null ? spare : createOrNull();
    if (next == null) {
      return false;
    }
    spare = null;
    current = next;
    segments.addLast(next);
    rolled.signalAll();
    return true;
  }

  private @Nullable Segment createOrNull() {
    long now = System.nanoTime();
    if (now - retryAt < 0) {
      return null;
    }
    try {
      Segment segment = Segment.create(directory.segmentFile(nextNumber), nextNumber, segmentBytes);
      nextNumber++;
      return segment;
    } catch (IOException | RuntimeException | Error e) {
      // A full disk: appending fails until there is room again.
      retryAt = now + RETRY_NANOS;
      return null;
    }
  }

  private Segment after(Segment segment) {
    for (Segment other : segments) {
      if (other.number > segment.number) {
        return other;
      }
    }
    return Objects.requireNonNull(current);
  }

  /** Deletes what is acknowledged; a mapped file cannot be deleted everywhere, so tries again. */
  private void deleteAcknowledged() throws IOException {
    lock.lock();
    try {
      IOException failure = undeleted.isEmpty() ? null : deleteFiles();
      if (failure != null && undeleted.size() > maxSegments) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable IOException deleteFiles() {
    IOException failure = null;
    for (Iterator<Segment> files = undeleted.iterator(); files.hasNext(); ) {
      try {
        Files.deleteIfExists(files.next().file);
        files.remove();
      } catch (IOException e) {
        failure = e;
      }
    }
    return failure;
  }

  private void keep() {
    int forcedNumber = 0;
    int forcedEnd = 0;
    try {
      while (true) {
        boolean ready = prepareSpare();
        Segment toForce;
        int end;
        lock.lock();
        try {
          if (!closed && (spare != null || !ready)) {
            rolled.awaitNanos(ready ? FORCE_NANOS : RETRY_NANOS);
          }
          if (closed) {
            dropSpare();
            return;
          }
          toForce = current;
          end = current.end();
        } finally {
          lock.unlock();
        }
        if (toForce.number != forcedNumber || end != forcedEnd) {
          toForce.force();
          forcedNumber = toForce.number;
          forcedEnd = end;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes the spare segment outside the lock; false when there is none and none may be made. */
  private boolean prepareSpare() {
    int number;
    lock.lock();
    try {
      if (spare != null) {
        return true;
      }
      if (closed || segments.size() >= maxSegments) {
        return false;
      }
      number = nextNumber++;
    } finally {
      lock.unlock();
    }
    Segment made;
    try {
      made = Segment.create(directory.segmentFile(number), number, segmentBytes);
    } catch (IOException | RuntimeException | Error e) {
      // As in createOrNull: the next append that needs it will find out.
      return false;
    }
    lock.lock();
    try {
      // Appending may have made a later one meanwhile; numbers must rise.
      if (closed || made.number < current.number || segments.size() >= maxSegments) {
        undeleted.add(made);
        deleteFiles();
      } else {
        spare = made;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void dropSpare() {
    if (spare != null) {
      undeleted.add(spare);
      spare = null;
    }
  }
}
