package dev.telestep.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One row that {@link Workload} logged: the call had returned when it was written down. */
record Truth(int run, int thread, long step, long before, long after, List<Long> bits) {

  static List<Truth> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    List<Truth> rows = new ArrayList<>();
    while (bytes.remaining() >= Workload.RECORD) {
      int run = bytes.getInt();
      int thread = bytes.getInt();
      long step = bytes.getLong();
      long before = bytes.getLong();
      long after = bytes.getLong();
      List<Long> bits = new ArrayList<>();
      for (int k = 0; k < 5; k++) {
        bits.add(bytes.getLong());
      }
      rows.add(new Truth(run, thread, step, before, after, bits));
    }
    return rows;
  }
}
