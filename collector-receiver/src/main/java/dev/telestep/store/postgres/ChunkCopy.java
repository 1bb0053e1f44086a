package dev.telestep.store.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows of {@code chunk} in PostgreSQL's binary COPY format, which keeps every bit of a double: a
 * header, then for each row the number of fields and each field as its length (-1: null) and its
 * bytes; an array is the number of dimensions, a null flag, the element type, length, lower bound,
 * and its elements like fields.
 */
final class ChunkCopy {

  private static final String COPY =
      """
      COPY telestep_store.chunk (run_id, series, attempt, seq, n, first_step, last_step, first_ns,
        last_ns, steps, times, vals) FROM STDIN BINARY""";

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int INT8_OID = 20;
  private static final int FLOAT8_OID = 701;
  private static final int FIELDS = 12;
  private static final int ARRAY_HEADER = 20;
  private static final int ELEMENT = 12;

  private ByteBuffer out = ByteBuffer.allocate(1 << 16);
  private boolean empty = true;

  ChunkCopy() {
    out.put(SIGNATURE).putInt(0).putInt(0);
  }

  void add(String runId, int series, int attempt, long seq, Points points) {
    empty = false;
    byte[] run = runId.getBytes(StandardCharsets.UTF_8);
    int n = points.size();
    long[] steps = points.steps();
    reserve(run.length + 128 + 3 * (ARRAY_HEADER + n * ELEMENT));
    out.putShort((short) FIELDS);
    out.putInt(run.length).put(run);
    out.putInt(4).putInt(series);
    out.putInt(2).putShort((short) attempt);
    out.putInt(8).putLong(seq);
    out.putInt(4).putInt(n);
    if (steps == null) {
      out.putInt(-1).putInt(-1);
    } else {
      out.putInt(8).putLong(steps[0]);
      out.putInt(8).putLong(steps[n - 1]);
    }
    out.putInt(8).putLong(points.firstNanos());
    out.putInt(8).putLong(points.lastNanos());
    if (steps == null) {
      out.putInt(-1);
    } else {
      putLongs(steps);
    }
    putLongs(points.times());
    arrayHeader(FLOAT8_OID, n);
    for (double value : points.values()) {
      out.putInt(8).putLong(Double.doubleToRawLongBits(value));
    }
  }

  /** Sends the rows. */
  void send(Connection connection) throws SQLException {
    if (empty) {
      return;
    }
    reserve(2);
    out.putShort((short) -1);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      copy.writeToCopy(out.array(), 0, out.position());
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void putLongs(long[] values) {
    arrayHeader(INT8_OID, values.length);
    for (long value : values) {
      out.putInt(8).putLong(value);
    }
  }

  private void arrayHeader(int oid, int n) {
    out.putInt(ARRAY_HEADER + n * ELEMENT).putInt(1).putInt(0).putInt(oid).putInt(n).putInt(1);
  }

  private void reserve(int bytes) {
    if (out.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes));
      out = larger.put(out.flip());
    }
  }
}
