package dev.telestep.cli;

import dev.telestep.server.ApiJson;
import dev.telestep.store.RunReader.Attempt;
import dev.telestep.store.RunReader.Metric;
import dev.telestep.store.RunReader.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telestep show RUN}: one run with its attempts, parameters, metrics and curves. */
@Command(
    name = "show",
    description = "Show a run: attempts, parameters, metrics, and curves in the terminal.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {

  private static final int DEFAULT_CURVES = 2;
  private static final int CURVE_LINES = 8;
  private static final int MAX_CURVE_WIDTH = 100;

  @Mixin private ClientOptions options = new ClientOptions();

  @Parameters(paramLabel = "RUN", description = "Id, unambiguous beginning of an id, or name.")
  private String wanted = "";

  @Option(
      names = "--metric",
      split = ",",
      paramLabel = "KEY",
      description = "Metrics to draw; default: the first two.")
  private @Nullable List<String> metrics;

  @Option(
      names = "--x",
      defaultValue = "step",
      paramLabel = "AXIS",
      description = "step, time (seconds since the start), or another key (default step).")
  private String axis = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    ApiClient client = options.client();
    String json = client.get("/api/v1/runs/" + ApiClient.segment(wanted), Map.of());
    if (options.json()) {
      Output.of(spec).print(json);
      return 0;
    }
    Terminal terminal = Terminal.of(System.getenv());
    ApiJson.RunDetails details = ApiClient.parse(json, ApiJson.RunDetails.class);
    StringBuilder out = new StringBuilder(head(details.run(), terminal));
    out.append('\n').append(attempts(details.attempts(), terminal));
    out.append(parameters(details.run(), terminal));
    out.append(metrics(details.metrics(), terminal));
    for (String key : chosen(details.metrics())) {
      out.append('\n').append(curve(client, details.run(), key, terminal));
    }
    Output.of(spec).print(out.toString());
    return 0;
  }

  private static String head(Run run, Terminal terminal) {
    StringBuilder out = new StringBuilder();
    out.append(terminal.heading(Texts.line(run.name())))
        .append("  ")
        .append(terminal.status(run.status()));
    out.append("  ").append(Texts.bar(run.progress())).append('\n');
    line(out, "id", run.id());
    line(out, "project", run.project());
    line(out, "group", run.group());
    line(out, "tags", run.tags().isEmpty() ? null : String.join(", ", run.tags()));
    line(out, "host", run.host());
    line(out, "started", Texts.time(run.startedAt()) + " UTC");
    line(out, "ended", run.endedAt() == null ? null : Texts.time(run.endedAt()) + " UTC");
    line(out, "duration", Texts.duration(run.durationSeconds()));
    line(out, "left", run.etaSeconds() == null ? null : Texts.duration(run.etaSeconds()));
    line(out, "epoch", Texts.of(Texts.number(run.epoch()), Texts.number(run.overallEpochs())));
    line(out, "step", Texts.of(Texts.number(run.step()), Texts.number(run.overallSteps())));
    line(out, "error", run.error());
    return out.toString();
  }

  private static void line(StringBuilder out, String name, @Nullable String value) {
    if (value != null && !value.equals(Texts.NOTHING)) {
      out.append(String.format("%-9s ", name)).append(Texts.line(value)).append('\n');
    }
  }

  private static String attempts(List<Attempt> attempts, Terminal terminal) {
    Table table =
        new Table(
            terminal,
            List.of(
                "ATTEMPT",
                "STATUS",
                "STARTED",
                "DURATION",
                "LOGGED",
                "STORED",
                "MISSING",
                "ERROR"));
    for (Attempt attempt : attempts) {
      Long logged = attempt.rowsLogged();
      table.add(
          List.of(
              Integer.toString(attempt.number()),
              terminal.status(attempt.status()),
              Texts.time(attempt.startedAt()),
              attempt.endedAt() == null
                  ? Texts.NOTHING
                  : Texts.duration(
                      Duration.between(attempt.startedAt(), attempt.endedAt()).toMillis() / 1000.0),
              Texts.number(logged),
              Long.toString(attempt.rowsStored()),
              logged == null
                  ? Texts.NOTHING
                  : Long.toString(Math.max(0, logged - attempt.rowsStored())),
              error(attempt)));
    }
    return table.isEmpty() ? "" : table.render();
  }

  private static String error(Attempt attempt) {
    String type = attempt.errorType() == null ? "" : attempt.errorType();
    String message = attempt.errorMessage() == null ? "" : attempt.errorMessage();
    return type.isEmpty() || message.isEmpty() ? type + message : type + ": " + message;
  }

  private static String parameters(Run run, Terminal terminal) {
    Table table = new Table(terminal, List.of("PARAMETER", "VALUE"));
    new TreeMap<>(run.parameters()).forEach((name, value) -> table.add(List.of(name, value)));
    return table.isEmpty() ? "" : "\n" + table.render();
  }

  private static String metrics(List<Metric> metrics, Terminal terminal) {
    Table table =
        new Table(
            terminal, List.of("METRIC", "LAST", "MIN", "MAX", "MEAN", "POINTS", "NON-FINITE"));
    for (Metric metric : metrics) {
      table.add(
          List.of(
              metric.key(),
              at(metric.last(), metric.lastStep()),
              at(metric.min(), metric.minStep()),
              at(metric.max(), metric.maxStep()),
              Texts.number(metric.mean()),
              Long.toString(metric.count()),
              Long.toString(metric.nonFinite())));
    }
    return table.isEmpty() ? "" : "\n" + table.render();
  }

  private static String at(@Nullable Double value, @Nullable Long step) {
    return step == null || value == null
        ? Texts.number(value)
        : Texts.number(value) + " (" + step + ")";
  }

  private List<String> chosen(List<Metric> known) {
    if (metrics != null) {
      return metrics;
    }
    return known.stream()
        .map(Metric::key)
        .filter(key -> !key.equals("epoch"))
        .limit(DEFAULT_CURVES)
        .toList();
  }

  private String curve(ApiClient client, Run run, String key, Terminal terminal) {
    int width = Math.min(MAX_CURVE_WIDTH, terminal.width());
    ApiJson.Curve curve =
        client.get(
            "/api/v1/runs/" + ApiClient.segment(run.id()) + "/curve",
            Map.of("key", key, "x", axis, "buckets", Integer.toString(width * 2)),
            ApiJson.Curve.class);
    if (curve.points().isEmpty() && metrics == null) {
      return terminal.heading(key) + "  has no points by " + axis + "\n";
    }
    if (curve.points().isEmpty()) {
      throw new CommandException(
          Telestep.NOT_FOUND, "run " + run.id() + " has no metric " + key + " by " + axis);
    }
    long nonFinite = curve.points().stream().mapToLong(p -> p.nonFinite()).sum();
    String label = axis.equals("time") ? "seconds since the start" : axis;
    return terminal.heading(key)
        + (nonFinite == 0 ? "" : "  (" + nonFinite + " NaN or infinite)")
        + "\n"
        + Chart.render(curve.points(), width, CURVE_LINES, label);
  }
}
