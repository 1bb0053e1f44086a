package dev.telestep.otlp;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what a request's sender must be told, and keeps the first example of each reason. */
final class Rejections {

  private static final int SHOWN_NAME_LENGTH = 80;

  private final Map<RejectionReason, Long> counts = new EnumMap<>(RejectionReason.class);
  private final Map<RejectionReason, String> examples = new EnumMap<>(RejectionReason.class);
  private long units;

  /** Counts one rejected data point or log record. */
  void add(Rejection rejection) {
    note(rejection);
    units++;
  }

  /** Counts a fault inside a log record; the record itself is counted by {@link #addUnit}. */
  void note(Rejection rejection) {
    counts.merge(rejection.reason(), 1L, Long::sum);
    examples.putIfAbsent(rejection.reason(), rejection.message());
  }

  void addUnit() {
    units++;
  }

  /** Data points or log records of which at least a part was rejected. */
  long units() {
    return units;
  }

  Map<RejectionReason, Long> counts() {
    return new EnumMap<>(counts);
  }

  /** One clause per reason with its first example and how many more there are; empty if none. */
  String message() {
    return counts.entrySet().stream()
        .map(entry -> clause(examples.getOrDefault(entry.getKey(), ""), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  /** A name out of a request, shortened so that a message stays readable. */
  static String shown(String name) {
    return name.length() <= SHOWN_NAME_LENGTH
        ? name
        : name.substring(0, SHOWN_NAME_LENGTH) + "… (" + name.length() + " characters)";
  }

  private static String clause(String example, long count) {
    return count == 1 ? example : example + " (and " + (count - 1) + " more like it)";
  }
}
