package dev.telestep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.telestep.semconv.RunStatus;
import dev.telestep.server.ApiJson;
import dev.telestep.store.RunReader.Log;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telestep logs [-f] RUN}: the lines of a run's log, oldest first. */
@Command(
    name = "logs",
    description = "Print the log of a run, oldest line first.",
    mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {

  private static final int PAGE = 1_000;
  private static final long POLL_MILLIS = 1_000;
  private static final Set<String> ALIVE = Set.of(RunStatus.RUNNING, RunStatus.UNREACHABLE);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Mixin private ClientOptions options = new ClientOptions();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing new lines until the run has ended.")
  private boolean follow;

  @Parameters(paramLabel = "RUN", description = "Id, unambiguous beginning of an id, or name.")
  private String wanted = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ApiClient client = options.client();
    String path = "/api/v1/runs/" + ApiClient.segment(wanted);
    String id = client.get(path, Map.of(), ApiJson.RunDetails.class).run().id();
    String logs = "/api/v1/runs/" + ApiClient.segment(id) + "/logs";
    long cursor = 0;
    while (true) {
      // Asked before the lines, so that the last lines of a run that ends meanwhile are printed.
      boolean alive = follow && isAlive(client, id);
      cursor = printAll(client, logs, cursor);
      if (!alive) {
        return 0;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean isAlive(ApiClient client, String id) {
    ApiJson.RunDetails details =
        client.get("/api/v1/runs/" + ApiClient.segment(id), Map.of(), ApiJson.RunDetails.class);
    return ALIVE.contains(details.run().status());
  }

  private long printAll(ApiClient client, String path, long from) {
    long cursor = from;
    while (true) {
      ApiJson.Logs page =
          client.get(
              path,
              Map.of("after", Long.toString(cursor), "limit", Integer.toString(PAGE)),
              ApiJson.Logs.class);
      page.lines().forEach(line -> Output.of(spec).print(text(line)));
      cursor = page.next();
      if (page.lines().size() < PAGE) {
        return cursor;
      }
    }
  }

  private String text(Log line) {
    if (!options.json()) {
      return TIME.format(line.time()) + " " + severity(line) + " " + body(line.body());
    }
    try {
      return ApiJson.mapper().writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("lines can be written as JSON", e);
    }
  }

  /** Stack traces keep their lines. */
  private static String body(String body) {
    return body.lines()
        .map(line -> Texts.line(line.replace("\t", "    ")))
        .collect(Collectors.joining("\n"));
  }

  /** Captured lines have no severity: they are named by their stream. */
  private static String severity(Log line) {
    int number = line.severity();
    if (number <= 0) {
      return String.format("%-6s", line.stream());
    }
    String[] names = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    return String.format("%-6s", names[Math.min(names.length - 1, (number - 1) / 4)]);
  }
}
