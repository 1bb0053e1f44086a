package dev.telestep.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of entries: {@code [length int][CRC32C int][payload]}, big-endian, zeros behind the
 * last.
 *
 * <p>The length is stored after the rest, and the checksum covers the payload: an entry that a
 * dying process left half-written reads as the end of the segment.
 */
final class Segment {

  static final int HEADER_BYTES = 8;
  private static final int ZERO_BLOCK_BYTES = 64 * 1024;

  final int number;
  final Path file;
  private final MappedByteBuffer buffer;
  private int end;

  private Segment(int number, Path file, MappedByteBuffer buffer) {
    this.number = number;
    this.file = file;
    this.buffer = buffer;
  }

  /** Makes an empty segment; its blocks are written, so that a full disk is an exception here. */
  static Segment create(Path file, int number, int bytes) throws IOException {
    FileChannel created =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (FileChannel channel = created) {
      ByteBuffer zeros = ByteBuffer.allocate(ZERO_BLOCK_BYTES);
      for (int written = 0; written < bytes; ) {
        zeros.clear().limit(Math.min(ZERO_BLOCK_BYTES, bytes - written));
        written += channel.write(zeros);
      }
      return new Segment(number, file, channel.map(MapMode.READ_WRITE, 0, bytes));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Opens a segment that another process left; its end is found by reading. */
  static Segment open(Path file, int number) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Segment(number, file, channel.map(MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  boolean fits(int length) {
    return length <= buffer.capacity() - end - HEADER_BYTES;
  }

  /** Appends an entry that fits; the caller holds the journal's lock. */
  void append(byte[] payload, int length, int checksum) {
    buffer.position(end + HEADER_BYTES);
    buffer.put(payload, 0, length);
    buffer.putInt(end + 4, checksum);
    buffer.putInt(end, length);
    end += HEADER_BYTES + length;
  }

  /** Where the next entry will be appended. */
  int end() {
    return end;
  }

  int capacity() {
    return buffer.capacity();
  }

  /** The entry at an offset; null at the end of what is readable. */
  byte @Nullable [] read(int offset) {
    if (offset > buffer.capacity() - HEADER_BYTES) {
      return null;
    }
    int length = buffer.getInt(offset);
    if (length <= 0 || length > buffer.capacity() - offset - HEADER_BYTES) {
      return null;
    }
    byte[] payload = new byte[length];
    buffer.duplicate().position(offset + HEADER_BYTES).get(payload);
    return checksum(payload, length) == buffer.getInt(offset + 4) ? payload : null;
  }

  void force() {
    buffer.force();
  }

  static int checksum(byte[] payload, int length) {
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, length);
    return (int) crc.getValue();
  }
}
