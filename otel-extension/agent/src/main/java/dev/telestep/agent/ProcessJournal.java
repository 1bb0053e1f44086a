package dev.telestep.agent;

import dev.telestep.agent.journal.Journal;
import dev.telestep.agent.journal.MemoryJournal;
import dev.telestep.agent.journal.ProcessDirectory;
import dev.telestep.agent.journal.SegmentJournal;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** The journal of this process with what lies beside it; opened by the first run. */
final class ProcessJournal {

  private static final long MEMORY_BYTES = 64 << 20;

  private final AgentSettings settings;
  private final Sender sender;
  private final Complaints dropped = new Complaints();
  private volatile @Nullable Journal journal;
  private @Nullable ProcessDirectory directory;
  private boolean closed;

  ProcessJournal(AgentSettings settings, Sender sender) {
    this.settings = settings;
    this.sender = sender;
  }

  /** Opens the journal unless it is open. */
  synchronized void open(Resource resource) {
    if (journal != null || closed) {
      return;
    }
    Journal opened;
    try {
      ProcessDirectory made = ProcessDirectory.create(settings.journalDirectory);
      directory = made;
      EntryEncoder encoder = new EntryEncoder();
      encoder.attributes(resource.getAttributes());
      made.write(Orphan.RESOURCE_FILE, encoder.toByteArray());
      opened = SegmentJournal.create(made, settings.journalMaxBytes);
    } catch (IOException | RuntimeException | Error e) {
      Complaints.say(
          Level.WARNING,
          "no journal can be kept in "
              + settings.journalDirectory
              + " (telestep.journal.directory), so runs are kept in memory only: "
              + e);
      opened = new MemoryJournal(MEMORY_BYTES);
    }
    journal = opened;
    sender.deliverFrom(opened, resource);
  }

  boolean isOpen() {
    return journal != null;
  }

  void append(EntryEncoder entry, boolean important) {
    Journal to = journal;
    if (to == null || !to.append(entry.bytes(), entry.length(), important)) {
      int bytes = entry.length();
      dropped.report(
          1,
          () ->
              to != null && bytes > to.maxEntryBytes()
                  ? "a row or line of " + bytes + " bytes is not kept: too large"
                  : "rows and lines are not kept: the journal is full or cannot be written"
                      + " (telestep.journal.max.bytes="
                      + settings.journalMaxBytes
                      + ")");
    }
  }

  int maxEntryBytes() {
    Journal to = journal;
    return to == null ? 0 : to.maxEntryBytes();
  }

  /** How many entries were not kept. */
  long dropped() {
    return dropped.count();
  }

  /** Notes that a run is open, for whoever finds the directory when this process is dead. */
  synchronized void noteStart(String file, EntryEncoder start) {
    try {
      if (directory != null) {
        directory.write(file, start.toByteArray());
      }
    } catch (IOException e) {
      dropped.report(0, () -> "the start of a run cannot be noted: " + e);
    }
  }

  synchronized void noteEnd(String file) {
    try {
      if (directory != null) {
        directory.remove(file);
      }
    } catch (IOException e) {
      dropped.report(0, () -> "the end of a run cannot be noted: " + e);
    }
  }

  /**
   * Closes the journal.
   *
   * @param delivered whether nothing of it is left to deliver, so that it can be deleted
   */
  synchronized void close(boolean delivered) {
    closed = true;
    try {
      if (journal != null) {
        journal.close();
      }
      if (directory != null && delivered) {
        directory.delete();
      } else if (directory != null) {
        directory.release();
      }
    } catch (IOException e) {
      dropped.report(0, () -> "the journal cannot be closed: " + e);
    }
  }
}
