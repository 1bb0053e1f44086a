package dev.telestep.agent;

import dev.telestep.agent.journal.ProcessDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Finds what dead processes left, and delivers it bit by bit. For one thread. */
final class Orphans {

  private static final long SCAN_NANOS = 30_000_000_000L;

  private final Path journalDirectory;
  private final Deque<Orphan> claimed = new ArrayDeque<>();
  private final Complaints complaints = new Complaints();
  private long scanAt = System.nanoTime();

  Orphans(Path journalDirectory) {
    this.journalDirectory = journalDirectory;
  }

  /** Delivers some entries; false when there are none now. */
  boolean deliverSome(Delivery delivery, Quarantine quarantine) {
    scanIfDue();
    Orphan orphan = claimed.peekFirst();
    if (orphan == null) {
      return false;
    }
    try {
      if (!orphan.deliverSome(delivery, quarantine)) {
        claimed.removeFirst();
        orphan.release();
      }
    } catch (IOException e) {
      claimed.removeFirst();
      complain(e);
    }
    return true;
  }

  void release() {
    for (Orphan orphan : claimed) {
      try {
        orphan.release();
      } catch (IOException e) {
        complain(e);
      }
    }
    claimed.clear();
  }

  private void scanIfDue() {
    long now = System.nanoTime();
    if (!claimed.isEmpty() || now - scanAt < 0) {
      return;
    }
    scanAt = now + SCAN_NANOS;
    try {
      for (ProcessDirectory directory : ProcessDirectory.claimOrphans(journalDirectory)) {
        claimed.addLast(Orphan.open(directory));
      }
    } catch (IOException e) {
      complain(e);
    }
  }

  private void complain(IOException e) {
    complaints.report(
        1, () -> "what earlier processes left in " + journalDirectory + " cannot be read: " + e);
  }
}
