package dev.telestep.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Identity of a series inside its run.
 *
 * @param key what was logged, for example {@code val/loss}; 1 to 512 bytes of UTF-8
 * @param attributes what tells series of one key apart ({@code training.rank}, {@code host.name},
 *     {@code cpu}, …), as text, sorted by name; empty for most
 * @param kind whether training logged it or a counter of the machine or process reported it
 */
public record SeriesKey(String key, SortedMap<String, String> attributes, Kind kind) {

  /** Where a series comes from. */
  public enum Kind {
    /** Logged by training: drawn among the metrics of the run. */
    METRIC,
    /** A counter of a host, process or device: drawn among the hardware of the run. */
    RESOURCE
  }

  public SeriesKey {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** A metric without attributes. */
  public static SeriesKey metric(String key) {
    return new SeriesKey(key, new TreeMap<>(Map.of()), Kind.METRIC);
  }
}
