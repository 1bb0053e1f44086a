package dev.telestep.store.postgres;

import dev.telestep.model.SeriesKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Numbers of series, remembered for the runs used last. Numbers of a run are only given under the
 * lock of its row, so several receivers agree on them. For one thread.
 */
final class Catalog {

  private static final int MAX_SERIES = 200_000;

  /** Longer labels are cut and end with their digest: an index entry has a limit of size. */
  private static final int MAX_LABEL_BYTES = 1500;

  private static final String INSERT =
      """
      WITH added AS (
        INSERT INTO telestep_store.series (run_id, series, key, attributes, kind, label, digest)
        SELECT u.run_id, u.series, u.key, u.attributes::jsonb, u.kind, u.label, u.digest
        FROM unnest(?::text[], ?::int4[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[])
          AS u(run_id, series, key, attributes, kind, label, digest)
        RETURNING run_id, series)
      INSERT INTO telestep_store.series_summary (run_id, series) SELECT run_id, series FROM added
      """;

  private final Digests digests = new Digests();
  private final Map<String, Map<SeriesKey, Integer>> runs = new LinkedHashMap<>(64, 0.75f, true);
  private int remembered;

  /**
   * Makes sure that every key has a number; the transaction holds the lock of the runs.
   *
   * @param wanted keys by run
   */
  void resolve(Connection connection, Map<String, Collection<SeriesKey>> wanted)
      throws SQLException {
    Map<String, List<SeriesKey>> missing = new LinkedHashMap<>();
    wanted.forEach(
        (run, keys) -> {
          Map<SeriesKey, Integer> known = runs.computeIfAbsent(run, r -> new HashMap<>());
          List<SeriesKey> unknown = keys.stream().filter(k -> !known.containsKey(k)).toList();
          if (!unknown.isEmpty()) {
            missing.put(run, unknown);
          }
        });
    if (missing.isEmpty()) {
      return;
    }
    Map<String, Map<UUID, Integer>> stored = load(connection, missing.keySet());
    Rows rows = new Rows("text", "int4", "text", "text", "text", "text", "uuid");
    missing.forEach(
        (run, keys) -> {
          Map<UUID, Integer> numbers = stored.getOrDefault(run, Map.of());
          int next = numbers.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
          for (SeriesKey key : keys) {
            UUID digest = digests.series(key);
            Integer number = numbers.get(digest);
            if (number == null) {
              number = next++;
              rows.add(
                  run,
                  number,
                  key.key(),
                  Json.text(key.attributes()),
                  key.kind().name(),
                  label(key, digest),
                  digest);
            }
            remember(run, key, number);
          }
        });
    rows.execute(connection, INSERT);
  }

  int number(String run, SeriesKey key) {
    return Objects.requireNonNull(
        runs.getOrDefault(run, Map.of()).get(key), () -> "unresolved series " + key);
  }

  /** Forgets runs, because the transaction that numbered their series was rolled back. */
  void forget(Collection<String> runIds) {
    for (String run : runIds) {
      Map<SeriesKey, Integer> known = runs.remove(run);
      remembered -= known == null ? 0 : known.size();
    }
  }

  /** Forgets the runs not used lately when there are too many; between transactions only. */
  void trim() {
    while (remembered > MAX_SERIES && !runs.isEmpty()) {
      forget(List.of(runs.keySet().iterator().next()));
    }
  }

  static String label(SeriesKey key, UUID digest) {
    if (key.attributes().isEmpty()) {
      return key.key();
    }
    String label =
        key.attributes().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(",", key.key() + "{", "}"));
    byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_LABEL_BYTES) {
      return label;
    }
    String cut = new String(bytes, 0, MAX_LABEL_BYTES, StandardCharsets.UTF_8);
    return cut + "…" + digest.toString().substring(0, 8) + "}";
  }

  private void remember(String run, SeriesKey key, int number) {
    if (runs.computeIfAbsent(run, r -> new HashMap<>()).put(key, number) == null) {
      remembered++;
    }
  }

  private static Map<String, Map<UUID, Integer>> load(
      Connection connection, Collection<String> runIds) throws SQLException {
    Map<String, Map<UUID, Integer>> numbers = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT run_id, digest, series FROM telestep_store.series WHERE run_id = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("text", runIds.toArray()));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          numbers
              .computeIfAbsent(Columns.text(rows, "run_id"), r -> new HashMap<>())
              .put(rows.getObject("digest", UUID.class), rows.getInt("series"));
        }
      }
    }
    return numbers;
  }
}
