package dev.telestep.agent;

import dev.telestep.agent.journal.EntrySource;
import io.opentelemetry.api.common.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Entries that are delivered together; a row is never split. */
final class Batch {

  private static final int MAX_POINTS = 20_000;

  /** Keeps requests below the 4 MiB that gRPC servers take unless told otherwise. */
  private static final long MAX_COST = 2 << 20;

  private static final int POINT_OVERHEAD = 110;

  final List<Entry> entries = new ArrayList<>();
  private int points;
  private long cost;

  /** Behind the last entry that was read. */
  long position = -1;

  /** Whether nothing more was there when it was read. */
  boolean complete;

  private Batch() {}

  /**
   * Reads the next entries.
   *
   * @param wanted asked for every entry with the position behind it; the others are passed over
   */
  static Batch read(EntrySource source, Quarantine quarantine, BiPredicate<Entry, Long> wanted) {
    Batch batch = new Batch();
    while (batch.points < MAX_POINTS && batch.cost < MAX_COST) {
      byte[] payload = source.next();
      if (payload == null) {
        batch.complete = true;
        break;
      }
      batch.position = source.position();
      try {
        Entry entry = EntryDecoder.decode(payload);
        if (wanted.test(entry, batch.position)) {
          batch.entries.add(entry);
          batch.points += items(entry) + 1;
          batch.cost += cost(entry) + payload.length;
        }
      } catch (RuntimeException e) {
        quarantine.add("an entry of " + payload.length + " bytes", "it cannot be read: " + e);
      }
    }
    return batch;
  }

  boolean isEmpty() {
    return position < 0;
  }

  /** About the bytes that entries take in a request. */
  static long cost(List<Entry> entries) {
    long sum = 0;
    for (Entry entry : entries) {
      sum += cost(entry);
    }
    return sum;
  }

  private static long cost(Entry entry) {
    int identity = entry.run.runId.length() + entry.run.attempt.length();
    return (items(entry) + 1L) * (POINT_OVERHEAD + identity);
  }

  private static int items(Entry entry) {
    return entry.body.getType() == ValueType.KEY_VALUE_LIST
        ? ((List<?>) entry.body.getValue()).size()
        : 1;
  }
}
