package dev.telestep.dashboards.check;

import java.util.Map;
import java.util.Set;

/** What the schema {@code telestep} offers to dashboards; ARCHITECTURE.md is its source. */
final class ReadSchema {

  /** Columns by view; a function has what it returns. */
  static final Map<String, Set<String>> OBJECTS =
      Map.ofEntries(
          Map.entry(
              "runs",
              Set.of(
                  "run_id",
                  "name",
                  "project",
                  "group_name",
                  "status",
                  "progress",
                  "epoch",
                  "overall_epochs",
                  "step",
                  "overall_steps",
                  "eta_seconds",
                  "started_at",
                  "ended_at",
                  "duration_s",
                  "tags",
                  "params",
                  "host",
                  "error")),
          Map.entry(
              "attempts",
              Set.of(
                  "run_id",
                  "attempt",
                  "number",
                  "status",
                  "started_at",
                  "ended_at",
                  "rows_logged",
                  "error_type",
                  "error_message")),
          Map.entry(
              "run_metrics",
              Set.of(
                  "run_id",
                  "key",
                  "last",
                  "last_step",
                  "min",
                  "min_step",
                  "max",
                  "max_step",
                  "mean",
                  "n",
                  "nonfinite")),
          Map.entry(
              "points",
              Set.of("run_id", "key", "attributes", "kind", "attempt", "step", "time", "value")),
          Map.entry("all_points", Set.of("superseded")),
          Map.entry("parameters", Set.of("run_id", "key", "value")),
          Map.entry("texts", Set.of("run_id", "key", "step", "time", "value")),
          Map.entry("logs", Set.of("run_id", "time", "severity", "body", "id", "stream")),
          Map.entry("events", Set.of("run_id", "time", "time_end", "kind", "text")),
          Map.entry("hardware", Set.of("run_id", "time", "step", "name", "attrs", "value")),
          Map.entry(
              "artifacts",
              Set.of(
                  "run_id", "name", "type", "version", "alias", "bytes", "sha256", "created_at")),
          Map.entry(
              "curve",
              Set.of("x", "run_id", "run", "mean", "min", "max", "last", "smooth", "nonfinite")),
          Map.entry("spark", Set.of()),
          Map.entry("rows_stored", Set.of("attempt", "rows")),
          Map.entry("ema", Set.of()));

  private ReadSchema() {}
}
