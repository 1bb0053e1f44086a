package dev.telestep.agent.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one process keeps on the disk: the segments, {@code ack}, small files of the owner, and
 * {@code lock}, held for as long as the process lives. {@code ready} is written once the lock is
 * held, so nobody takes a directory that is still being made.
 */
public final class ProcessDirectory {

  private static final String LOCK = "lock";
  private static final String READY = "ready";
  private static final String ACK = "ack";
  private static final String SEGMENT_SUFFIX = ".segment";
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  /**
   * Lock files that are open in this JVM. None may be opened a second time: POSIX drops a process's
   * lock when it closes any descriptor of the file, and another process would take it for dead.
   */
  private static final Map<Path, FileChannel> OPEN = new ConcurrentHashMap<>();

  private final Path path;
  private final FileChannel lockChannel;

  private ProcessDirectory(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
  }

  /** Makes the directory of this process below the journal's directory. */
  public static ProcessDirectory create(Path base) throws IOException {
    Path path =
        Files.createDirectories(base)
            .toRealPath()
            .resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
    Files.createDirectory(path);
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IOException("the lock of a new directory is taken: " + path);
    }
    OPEN.put(path, channel);
    Files.createFile(path.resolve(READY));
    return new ProcessDirectory(path, channel);
  }

  /** Takes the directories of dead processes below the journal's directory, the oldest first. */
  public static List<ProcessDirectory> claimOrphans(Path base) throws IOException {
    List<Path> candidates = new ArrayList<>();
    List<ProcessDirectory> claimed = new ArrayList<>();
    try (DirectoryStream<Path> paths =
        Files.newDirectoryStream(base.toRealPath(), Files::isDirectory)) {
      paths.forEach(candidates::add);
    } catch (NoSuchFileException e) {
      return claimed;
    }
    for (Path candidate : candidates) {
      ProcessDirectory directory = claim(candidate);
      if (directory != null) {
        claimed.add(directory);
      }
    }
    return claimed;
  }

  private static @Nullable ProcessDirectory claim(Path path) throws IOException {
    if (OPEN.containsKey(path) || !Files.exists(path.resolve(LOCK))) {
      return null;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      FileLock lock = channel.tryLock();
      // Whoever had the lock before may have emptied the directory meanwhile.
      if (lock != null && (Files.exists(path.resolve(READY)) || isAbandoned(path))) {
        OPEN.put(path, channel);
        return new ProcessDirectory(path, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Held in this JVM by another class loader's copy of this class: stays open, see OPEN.
      OPEN.put(path, channel);
      return null;
    }
    channel.close();
    return null;
  }

  private static boolean isAbandoned(Path path) throws IOException {
    return Files.exists(path)
        && Files.getLastModifiedTime(path)
            .toInstant()
            .isBefore(Instant.now().minus(ABANDONED_AFTER));
  }

  public Path path() {
    return path;
  }

  /** Writes a small file of the owner. */
  public void write(String name, byte[] content) throws IOException {
    Files.write(path.resolve(name), content);
  }

  /** Content of a small file of the owner; null when there is none. */
  public byte @Nullable [] read(String name) throws IOException {
    try {
      return Files.readAllBytes(path.resolve(name));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Contents of the owner's small files whose names begin so. */
  public List<byte[]> readAll(String prefix) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files(name -> name.startsWith(prefix))) {
      contents.add(Files.readAllBytes(file));
    }
    return contents;
  }

  public void remove(String name) throws IOException {
    Files.deleteIfExists(path.resolve(name));
  }

  /** Lets the directory go, as it is. */
  public void release() throws IOException {
    closeLock();
  }

  /** Deletes the directory with all that is in it, and lets it go. */
  public void delete() throws IOException {
    for (Path file : files(name -> !name.equals(LOCK))) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(path.resolve(LOCK));
    closeLock();
    Files.deleteIfExists(path);
  }

  private void closeLock() throws IOException {
    lockChannel.close();
    OPEN.remove(path);
  }

  Acknowledgement acknowledgement() throws IOException {
    return Acknowledgement.open(path.resolve(ACK));
  }

  Path segmentFile(int number) {
    return path.resolve(String.format("%010d%s", number, SEGMENT_SUFFIX));
  }

  /** The segments' files in their order. */
  List<Path> segmentFiles() throws IOException {
    return files(name -> name.endsWith(SEGMENT_SUFFIX));
  }

  static int segmentNumber(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(0, name.length() - SEGMENT_SUFFIX.length()));
  }

  private List<Path> files(Predicate<String> wanted) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(path, file -> wanted.test(file.getFileName().toString()))) {
      all.forEach(files::add);
    }
    Collections.sort(files);
    return files;
  }
}
