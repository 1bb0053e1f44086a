package dev.telestep.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentJournalTest {

  private static final long SMALL = 256 << 10;

  @TempDir Path base;
  private ProcessDirectory directory;
  private SegmentJournal journal;

  @BeforeEach
  void open() throws IOException {
    directory = ProcessDirectory.create(base);
    journal = SegmentJournal.create(directory, SMALL);
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
    directory.release();
  }

  @Test
  void entries_comeBackInOrder_overManySegments() throws IOException {
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      assertThat(append("entry " + i)).isTrue();
      if (i % 1_000 == 999) {
        for (String entry = next(); entry != null; entry = next()) {
          assertThat(entry).isEqualTo("entry " + read++);
        }
        journal.acknowledge(journal.position());
      }
    }
    assertThat(read).isEqualTo(20_000);
    assertThat(segments()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void append_isRefused_whenFull_andWorksAgain_whenAcknowledged() throws IOException {
    int kept = 0;
    while (append("x".repeat(1000))) {
      kept++;
    }
    assertThat(kept * 1008L).isBetween(SMALL * 9 / 10, SMALL);
    await().untilAsserted(() -> assertThat(segments()).hasSize(4));
    assertThat(journal.append(new byte[10], 10, true)).isTrue();

    for (String entry = next(); entry != null; entry = next()) {
      kept--;
    }
    assertThat(kept).isEqualTo(-1);
    journal.acknowledge(journal.position());
    assertThat(append("again")).isTrue();
  }

  @Test
  void append_refusesWhatIsTooLarge() {
    int tooLarge = journal.maxEntryBytes() + 1;
    assertThat(journal.append(new byte[tooLarge], tooLarge, true)).isFalse();
    assertThat(journal.append(new byte[0], 0, false)).isFalse();
  }

  @Test
  void append_isRefused_whenNoSegmentCanBeMade() throws IOException {
    // A directory in the place of every further segment stands for a disk that refuses writes.
    for (int i = 2; i < 20; i++) {
      Path file = directory.segmentFile(i);
      try {
        Files.createDirectory(file);
      } catch (FileAlreadyExistsException e) {
        assertThat(file).as("the spare segment").isRegularFile();
      }
    }
    boolean refused = false;
    for (int i = 0; i < 1_000 && !refused; i++) {
      refused = !append("x".repeat(1000));
    }
    assertThat(refused).isTrue();
    assertThat(next()).hasSize(1000);
  }

  @Test
  void entries_areAllThereOnce_whenAppendedByManyThreads() throws Exception {
    SegmentJournal large =
        SegmentJournal.create(ProcessDirectory.create(base.resolve("large")), 64 << 20);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int id = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  byte[] entry = (id + ":" + i).getBytes(StandardCharsets.UTF_8);
                  large.append(entry, entry.length, false);
                }
              });
      thread.start();
      threads.add(thread);
    }
    int[] nextOf = new int[4];
    int total = 0;
    while (total < 80_000) {
      byte[] entry = large.next();
      if (entry != null) {
        String[] parts = new String(entry, StandardCharsets.UTF_8).split(":", -1);
        assertThat(Integer.parseInt(parts[1])).isEqualTo(nextOf[Integer.parseInt(parts[0])]++);
        total++;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(large.next()).isNull();
    large.close();
  }

  @Test
  void orphan_givesWhatWasNotAcknowledged() throws IOException {
    append("first");
    append("second");
    append("third");
    assertThat(next()).isEqualTo("first");
    journal.acknowledge(journal.position());
    assertThat(next()).isEqualTo("second");
    journal.close();

    assertThat(ProcessDirectory.claimOrphans(base)).as("the owner lives").isEmpty();
    directory.release();
    List<ProcessDirectory> claimed = ProcessDirectory.claimOrphans(base);
    assertThat(claimed).hasSize(1);
    assertThat(entries(OrphanJournal.open(claimed.get(0)))).containsExactly("second", "third");
    assertThat(entries(OrphanJournal.openFromStart(claimed.get(0))))
        .containsExactly("first", "second", "third");
    claimed.get(0).delete();
    assertThat(ProcessDirectory.claimOrphans(base)).isEmpty();
    assertThat(directory.path()).doesNotExist();
  }

  @Test
  void orphan_endsAtTheCorruptEntry() throws IOException {
    append("whole");
    append("broken");
    append("behind");
    journal.close();
    try (RandomAccessFile file = new RandomAccessFile(directory.segmentFile(1).toFile(), "rw")) {
      file.seek(Segment.HEADER_BYTES + "whole".length() + Segment.HEADER_BYTES);
      file.write('X');
    }
    assertThat(entries(OrphanJournal.open(directory))).containsExactly("whole");
  }

  @Test
  void segment_isNotLeftHalfMade() throws IOException {
    Path missing = base.resolve("missing").resolve("segment");
    assertThatThrownBy(() -> Segment.create(missing, 1, 1024)).isInstanceOf(IOException.class);
    assertThat(missing).doesNotExist();
  }

  @Test
  void memoryJournal_isBounded() {
    MemoryJournal memory = new MemoryJournal(100);
    assertThat(memory.append(new byte[60], 60, false)).isTrue();
    assertThat(memory.append(new byte[60], 60, false)).isFalse();
    assertThat(memory.append(new byte[60], 60, true)).isTrue();
    assertThat(memory.next()).hasSize(60);
    memory.close();
    assertThat(memory.append(new byte[1], 1, true)).isFalse();
    assertThat(memory.next()).hasSize(60);
  }

  private boolean append(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return journal.append(bytes, bytes.length, false);
  }

  private @Nullable String next() {
    byte[] entry = journal.next();
    return entry == null ? null : new String(entry, StandardCharsets.UTF_8);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory.path())) {
      return files.filter(file -> Objects.toString(file).endsWith(".segment")).toList();
    }
  }

  private static List<String> entries(EntrySource source) {
    List<String> entries = new ArrayList<>();
    for (byte[] entry = source.next(); entry != null; entry = source.next()) {
      entries.add(new String(entry, StandardCharsets.UTF_8));
    }
    return entries;
  }
}
