package dev.telestep.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The position up to which entries are delivered, in a file of eight bytes: the number of the
 * segment, then the offset in it. One aligned store writes both.
 */
final class Acknowledgement {

  private final MappedByteBuffer buffer;

  private Acknowledgement(MappedByteBuffer buffer) {
    this.buffer = buffer;
  }

  static Acknowledgement open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() < Long.BYTES) {
        channel.write(ByteBuffer.allocate(Long.BYTES), 0);
      }
      return new Acknowledgement(channel.map(MapMode.READ_WRITE, 0, Long.BYTES));
    }
  }

  static long position(int segment, int offset) {
    return ((long) segment << 32) | offset;
  }

  static int segment(long position) {
    return (int) (position >>> 32);
  }

  static int offset(long position) {
    return (int) position;
  }

  long get() {
    return buffer.getLong(0);
  }

  void set(long position) {
    buffer.putLong(0, position);
  }
}
