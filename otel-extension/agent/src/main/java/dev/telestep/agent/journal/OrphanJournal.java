package dev.telestep.agent.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a dead process left behind its last acknowledgement. */
public final class OrphanJournal implements EntrySource {

  private final List<Path> files;
  private final Acknowledgement acknowledgement;
  private int fileIndex;
  private @Nullable Segment segment;
  private int offset;
  private long position;

  private OrphanJournal(List<Path> files, Acknowledgement acknowledgement, long from) {
    this.files = files;
    this.acknowledgement = acknowledgement;
    this.position = from;
  }

  /** Reads from the last acknowledgement on. */
  public static OrphanJournal open(ProcessDirectory directory) throws IOException {
    Acknowledgement acknowledgement = directory.acknowledgement();
    return new OrphanJournal(directory.segmentFiles(), acknowledgement, acknowledgement.get());
  }

  /** Reads everything that is still there, delivered or not. */
  public static OrphanJournal openFromStart(ProcessDirectory directory) throws IOException {
    return new OrphanJournal(directory.segmentFiles(), directory.acknowledgement(), 0);
  }

  @Override
  public byte @Nullable [] next() {
    while (true) {
      if (segment == null && !openNext()) {
        return null;
      }
      Segment reading = Objects.requireNonNull(segment);
      byte[] entry = reading.read(offset);
      if (entry != null) {
        offset += Segment.HEADER_BYTES + entry.length;
        position = Acknowledgement.position(reading.number, offset);
        return entry;
      }
      segment = null;
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void acknowledge(long delivered) {
    acknowledgement.set(delivered);
  }

  private boolean openNext() {
    while (fileIndex < files.size()) {
      Path file = files.get(fileIndex++);
      int number = ProcessDirectory.segmentNumber(file);
      int first = Acknowledgement.segment(position);
      if (number < first) {
        continue;
      }
      try {
        segment = Segment.open(file, number);
        offset = number == first ? Acknowledgement.offset(position) : 0;
        return true;
      } catch (IOException e) {
        // An unreadable segment must not hide the later ones.
      }
    }
    return false;
  }
}
