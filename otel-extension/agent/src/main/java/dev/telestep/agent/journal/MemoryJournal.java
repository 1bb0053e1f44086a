package dev.telestep.agent.journal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Keeps entries in the heap, for when no directory can be written; lost with the process. */
public final class MemoryJournal implements Journal {

  private static final int MAX_ENTRY_BYTES = 1 << 20;

  private final long maxBytes;
  private final Deque<byte[]> entries = new ArrayDeque<>();
  private long bytes;
  private long position;
  private boolean closed;

  /**
   * @param maxBytes most bytes of entries that are kept at a time
   */
  public MemoryJournal(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public synchronized boolean append(byte[] payload, int length, boolean important) {
    long limit = important ? maxBytes + MAX_ENTRY_BYTES : maxBytes;
    if (closed || length > MAX_ENTRY_BYTES || bytes + length > limit) {
      return false;
    }
    entries.addLast(Arrays.copyOf(payload, length));
    bytes += length;
    return true;
  }

  @Override
  public synchronized byte[] next() {
    byte[] entry = entries.pollFirst();
    if (entry != null) {
      bytes -= entry.length;
      position++;
    }
    return entry;
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public void acknowledge(long acknowledged) {
    // What was read is already forgotten.
  }

  @Override
  public int maxEntryBytes() {
    return MAX_ENTRY_BYTES;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
