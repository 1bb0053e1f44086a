package dev.telestep.agent.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Entries in the order in which they were appended; for one thread at a time. */
public interface EntrySource {

  /** The next entry; null when there is none now. */
  byte @Nullable [] next();

  /** Position behind the entry that {@link #next} gave last. */
  long position();

  /** Says that everything before a position is delivered and will not be read again. */
  void acknowledge(long position) throws IOException;
}
