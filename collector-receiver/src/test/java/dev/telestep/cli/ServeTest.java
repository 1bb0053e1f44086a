package dev.telestep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code telestep serve} as a process of its own, with a real PostgreSQL. */
class ServeTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : started) {
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void embedded_keepsWhatWasAcknowledgedOverARestart() throws Exception {
    Map<String, String> environment = Map.of("TELESTEP_DATA_DIR", directory.toString());
    Process first = serve(environment);
    List<String> greeting = greeting(first);
    String url = url(greeting);

    assertThat(greeting).anyMatch(line -> line.contains("telestep_ro, password in " + directory));
    assertThat(Files.readString(directory.resolve("telestep_ro.password"))).hasSize(32);
    assertThat(post(url, row("loss", 0.1)).statusCode()).isEqualTo(200);
    first.destroy();
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).as("ended by SIGTERM").isEqualTo(143);

    String again = url(greeting(serve(environment)));
    assertThat(get(again + "/api/v1/runs/r1").body())
        .contains("\"id\":\"r1\"", "\"key\":\"loss\"", "\"last\":0.1", "\"lastStep\":3");
  }

  @Test
  void databaseDown_startsAndSaysSo() throws Exception {
    Process process =
        serve(
            Map.of(
                "TELESTEP_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:1/telestep",
                "TELESTEP_DATABASE_PASSWORD",
                "x"));
    List<String> greeting = greeting(process);
    String url = url(greeting);

    assertThat(greeting).anyMatch(line -> line.contains("NOT AVAILABLE YET: the database"));
    HttpResponse<String> health = get(url + "/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body()).contains("the database is not available");
    assertThat(post(url, row("loss", 0.1)).statusCode()).isEqualTo(503);
  }

  @Test
  void unknownSetting_isUsage() throws Exception {
    Process process = serve(Map.of("TELESTEP_GRPC_PROT", "1"));
    String message = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(Telestep.USAGE);
    assertThat(message).contains("TELESTEP_GRPC_PROT is no setting");
  }

  private Process serve(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Telestep.class.getName(),
            "serve");
    builder.environment().keySet().removeIf(name -> name.startsWith("TELESTEP_"));
    builder.environment().put("TELESTEP_GRPC_PORT", "0");
    builder.environment().put("TELESTEP_HTTP_PORT", "0");
    builder.environment().put("TELESTEP_EMBEDDED_POSTGRES_PORT", "0");
    builder.environment().putAll(environment);
    if (!environment.containsKey("TELESTEP_GRPC_PROT")) {
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static List<String> greeting(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    String line;
    while ((line = reader.readLine()) != null) {
      lines.add(line);
      if (line.startsWith("Ready")) {
        return lines;
      }
    }
    throw new AssertionError("serve ended before it was ready: " + lines);
  }

  private static String url(List<String> greeting) {
    return greeting.stream()
        .filter(line -> line.startsWith("OTLP HTTP"))
        .map(line -> line.replaceAll(".*(http://.*)", "$1"))
        .findFirst()
        .orElseThrow();
  }

  private static String row(String key, double value) {
    return """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"training.metrics",
        "timeUnixNano":"1700000000000000000","attributes":[
          {"key":"training.run.id","value":{"stringValue":"r1"}},
          {"key":"training.step","value":{"intValue":"3"}}],
        "body":{"kvlistValue":{"values":[{"key":"%s","value":{"doubleValue":%s}}]}}}]}]}]}
        """
        .formatted(key, value);
  }

  private static HttpResponse<String> post(String url, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url + "/v1/logs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
