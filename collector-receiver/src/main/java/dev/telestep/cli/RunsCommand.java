package dev.telestep.cli;

import dev.telestep.server.ApiJson;
import dev.telestep.store.RunReader.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telestep runs}: a table of runs, newest first. */
@Command(
    name = "runs",
    description = "List runs, newest first, with chosen metrics and parameters as columns.",
    mixinStandardHelpOptions = true)
final class RunsCommand implements Callable<Integer> {

  private static final String PARAMETER = "p:";
  private static final int DEFAULT_METRICS = 3;

  /** The milliseconds of a UUIDv7 and a hyphen: shorter prefixes name many runs at once. */
  private static final int UUID_PREFIX = 13;

  @Mixin private ClientOptions options = new ClientOptions();

  @Option(
      names = "--columns",
      split = ",",
      paramLabel = "COLUMN",
      description = "Metrics, and parameters as p:NAME; default: metrics that most runs have.")
  private @Nullable List<String> columns;

  @Option(names = "--project", paramLabel = "PROJECT", description = "Only runs of this project.")
  private @Nullable String project;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only running, finished, failed, killed, stopped or unreachable runs.")
  private @Nullable String status;

  @Option(
      names = "--limit",
      defaultValue = "50",
      paramLabel = "N",
      description = "At most so many (default ${DEFAULT-VALUE}).")
  private int limit;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("limit", Integer.toString(limit));
    if (project != null) {
      parameters.put("project", project);
    }
    if (status != null) {
      parameters.put("status", status);
    }
    String json = options.client().get("/api/v1/runs", parameters);
    if (options.json()) {
      Output.of(spec).print(json);
      return 0;
    }
    List<Run> runs = ApiClient.parse(json, ApiJson.Runs.class).runs();
    if (runs.isEmpty()) {
      Output.of(spec).print("no runs");
    } else {
      Output.of(spec).print(table(runs, Terminal.of(System.getenv())));
    }
    return 0;
  }

  private String table(List<Run> runs, Terminal terminal) {
    List<String> extra = columns == null ? commonMetrics(runs) : columns;
    List<String> heading =
        new ArrayList<>(
            List.of("ID", "NAME", "PROJECT", "STATUS", "PROGRESS", "EPOCH", "STEP", "DURATION"));
    extra.forEach(
        column ->
            heading.add(
                column.startsWith(PARAMETER) ? column.substring(PARAMETER.length()) : column));
    Table table = new Table(terminal, heading);
    for (Run run : runs) {
      List<String> row = new ArrayList<>();
      row.add(shortId(run.id()));
      row.add(run.name());
      row.add(run.project());
      row.add(terminal.status(run.status()));
      row.add(Texts.bar(run.progress()));
      row.add(Texts.of(Texts.number(run.epoch()), Texts.number(run.overallEpochs())));
      row.add(Texts.of(Texts.number(run.step()), Texts.number(run.overallSteps())));
      row.add(Texts.duration(run.durationSeconds()));
      extra.forEach(column -> row.add(cell(run, column)));
      table.add(row);
    }
    return table.render();
  }

  private static String cell(Run run, String column) {
    if (column.startsWith(PARAMETER)) {
      return run.parameters().getOrDefault(column.substring(PARAMETER.length()), Texts.NOTHING);
    }
    return Texts.number(run.metrics().get(column));
  }

  /** The metrics that most of the runs have; the epoch has a column of its own. */
  private static List<String> commonMetrics(List<Run> runs) {
    Map<String, Integer> counts = new TreeMap<>();
    runs.forEach(run -> run.metrics().keySet().forEach(key -> counts.merge(key, 1, Integer::sum)));
    counts.remove("epoch");
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(DEFAULT_METRICS)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String shortId(String id) {
    boolean uuid = id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    return uuid ? id.substring(0, UUID_PREFIX) : id;
  }
}
