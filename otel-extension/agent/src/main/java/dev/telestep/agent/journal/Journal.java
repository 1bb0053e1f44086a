package dev.telestep.agent.journal;

import java.io.IOException;

/** Entries of the living process: appended by any thread, read by one. */
public interface Journal extends EntrySource {

  /**
   * Appends an entry without waiting for a disk.
   *
   * @param important whether the entry may use the reserve that is kept for starts and ends
   * @return false when the journal is full, closed or cannot grow: the entry is not kept
   */
  boolean append(byte[] payload, int length, boolean important);

  /** Most bytes that an entry can have. */
  int maxEntryBytes();

  /** Ends appending; what is not acknowledged stays on the disk, if there is one. */
  void close() throws IOException;
}
