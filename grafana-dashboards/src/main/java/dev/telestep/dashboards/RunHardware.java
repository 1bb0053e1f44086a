package dev.telestep.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counters of the machines that a run used, by the clock and by step. */
final class RunHardware {

  private static final String NO_SAMPLES = "No samples in this time range";

  /** Name of a device, with its host only where the run has more than one. */
  private static final String DEVICE =
      "concat_ws(' · ', coalesce('GPU '||coalesce(attrs->>'gpu',attrs->>'hw.id'),'%s'),"
          + " CASE WHEN (SELECT count(DISTINCT attrs->>'host.name') FROM h) > 1 THEN attrs->>'host.name' END)";

  private RunHardware() {}

  /** Two lines of four charts, 14 rows high. */
  static List<ObjectNode> byClock(int y) {
    return List.of(
        clock(50, "GPU utilisation", "hw.gpu.utilization", "value", "percentunit", 1, 0, y),
        clock(51, "GPU memory", "hw.gpu.memory.usage", "value", "decbytes", null, 6, y),
        clock(52, "GPU temperature", "hw.gpu.temperature", "value", "celsius", null, 12, y),
        clock(53, "GPU power", "hw.gpu.power", "value", "watt", null, 18, y),
        clock(54, "CPU utilisation", "system.cpu.utilization", "CPU", "percentunit", 1, 0, y + 7),
        clock(55, "Memory", "system.memory.usage", "memory", "decbytes", null, 6, y + 7),
        clock(56, "Disk I/O", "system.disk.io", "disk", "Bps", null, 12, y + 7),
        clock(57, "Network I/O", "system.network.io", "network", "Bps", null, 18, y + 7));
  }

  static List<ObjectNode> byStep(int y) {
    return List.of(
        step(60, "GPU utilisation by step", "hw.gpu.utilization", "percentunit", 1, 0, y),
        step(61, "GPU memory by step", "hw.gpu.memory.usage", "decbytes", null, 8, y),
        step(62, "GPU power by step", "hw.gpu.power", "watt", null, 16, y));
  }

  /** Whatever the machine or the process reported, a panel per counter. */
  static List<ObjectNode> counters(int y) {
    ObjectNode panel =
        Panels.timeSeries(
            63,
            "$counter",
            "As reported, during the run; a line per device, pool or state",
            new Grid(0, y, 8, 7),
            "time_series",
            """
            SELECT $__timeGroup(time,$__interval) AS time, \
            coalesce(nullif((SELECT string_agg(e.value, ' ' ORDER BY e.key) FROM jsonb_each_text(attrs) e),''),'value') AS metric, %1$s AS value \
            FROM telestep.hardware WHERE run_id = ${run:sqlstring} AND name = ${counter:sqlstring} AND $__timeFilter(time) AND %2$s \
            GROUP BY 1,2 ORDER BY 1,2 LIMIT 50000"""
                .formatted(Sql.mean("value"), Sql.finite("value")),
            NO_SAMPLES,
            List.of());
    Panels.optionsOf(panel).set("legend", Panels.legend(true));
    return List.of(Panels.repeated(panel, "counter"));
  }

  private static ObjectNode clock(
      int id,
      String title,
      String name,
      String otherwise,
      String unit,
      @Nullable Integer max,
      int x,
      int y) {
    ObjectNode panel =
        Panels.timeSeries(
            id,
            title,
            "During the run, by the clock",
            new Grid(x, y, 6, 7),
            "time_series",
            """
            WITH h AS (SELECT * FROM telestep.hardware WHERE run_id = ${run:sqlstring} AND name = '%1$s' AND $__timeFilter(time) AND %2$s)
            SELECT $__timeGroup(time,$__interval) AS time, %3$s AS metric, %4$s AS value FROM h GROUP BY 1,2 ORDER BY 1,2 LIMIT 50000"""
                .formatted(
                    name, Sql.finite("value"), DEVICE.formatted(otherwise), Sql.mean("value")),
            NO_SAMPLES,
            colors());
    Panels.optionsOf(panel).set("legend", Panels.legend(true));
    ObjectNode defaults = Panels.defaultsOf(panel).put("unit", unit).put("min", 0);
    defaults.withObject("/custom").put("fillOpacity", 4);
    if (max != null) {
      defaults.put("max", max);
    }
    return panel;
  }

  /** Limits are overrides here: as defaults they would also cut the x axis. */
  private static ObjectNode step(
      int id, String title, String name, String unit, @Nullable Integer max, int x, int y) {
    List<ObjectNode> overrides = new ArrayList<>(colors());
    overrides.add(
        max == null
            ? Fields.byRegexp("/^(GPU|value)/", Fields.property("min", 0))
            : Fields.byRegexp(
                "/^(GPU|value)/", Fields.property("min", 0), Fields.property("max", max)));
    overrides.add(
        Fields.byName(
            "step\\series", Fields.unit("locale"), Fields.property("custom.axisLabel", "step")));
    ObjectNode panel =
        Panels.trend(
            id,
            title,
            "Bucketed by training step",
            new Grid(x, y, 8, 7),
            """
            WITH h AS (SELECT * FROM telestep.hardware WHERE run_id = ${run:sqlstring} AND name = '%1$s' AND step IS NOT NULL AND %2$s),
            g AS (SELECT greatest(ceil((max(step)-min(step)+1)/200.0),1)::bigint AS w FROM h)
            SELECT (step/g.w*g.w)::float8 AS step, %3$s AS series, %4$s AS value FROM h, g GROUP BY 1,2
            UNION ALL SELECT 0, 'value', NULL WHERE NOT EXISTS (SELECT FROM h) ORDER BY 1,2 LIMIT 50000"""
                .formatted(name, Sql.finite("value"), DEVICE.formatted("value"), Sql.mean("value")),
            "Not reported",
            overrides);
    Panels.defaultsOf(panel).put("unit", unit);
    Panels.optionsOf(panel).set("legend", Panels.legend(true));
    return Transform.transformed(panel, Transform.matrix("step", "series", "value"));
  }

  private static List<ObjectNode> colors() {
    return List.of(
        color("GPU 0", "blue"),
        color("GPU 1", "orange"),
        color("CPU", "green"),
        color("memory", "purple"),
        color("disk", "#1BA3A3"),
        color("network", "#D6589F"));
  }

  private static ObjectNode color(String series, String color) {
    return Fields.byName(series, Fields.color(color));
  }
}
