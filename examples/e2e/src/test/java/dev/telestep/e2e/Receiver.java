package dev.telestep.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The receiver's jar in a process of its own, on embedded defaults and ports of its own. */
final class Receiver implements AutoCloseable {

  private static final String READ_ONLY_PASSWORD = "only-for-this-test";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path directory;
  private final int grpcPort = freePort();
  private final int httpPort = freePort();
  private final int databasePort = freePort();
  private @Nullable Process process;

  Receiver(String name) {
    directory = Fixture.workDirectory(name);
  }

  /** Starts the process and waits until it answers {@code /health} with 200. */
  Receiver start() {
    ProcessBuilder builder = command("serve");
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(directory.resolve("receiver.log").toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> get("/health").statusCode() == 200);
    return this;
  }

  /** A {@code telestep} command that talks to this receiver. */
  ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Fixture.java(), "-Xmx1g", "-jar"));
    command.add(Fixture.file("e2e.telestep").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("TELESTEP_"));
    environment.put("TELESTEP_GRPC_PORT", Integer.toString(grpcPort));
    environment.put("TELESTEP_HTTP_PORT", Integer.toString(httpPort));
    environment.put("TELESTEP_DATA_DIR", directory.resolve("data").toString());
    environment.put("TELESTEP_EMBEDDED_POSTGRES_PORT", Integer.toString(databasePort));
    environment.put("TELESTEP_READONLY_PASSWORD", READ_ONLY_PASSWORD);
    environment.put("TELESTEP_URL", httpEndpoint());
    return builder;
  }

  /** Runs a {@code telestep} command to its end and returns what it printed. */
  String run(String... arguments) {
    try {
      Process command = command(arguments).redirectErrorStream(true).start();
      String output = new String(command.getInputStream().readAllBytes(), Fixture.UTF_8);
      int exit = command.waitFor();
      if (exit != 0) {
        throw new AssertionError(
            String.join(" ", arguments) + " exited with " + exit + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String grpcEndpoint() {
    return "http://127.0.0.1:" + grpcPort;
  }

  String httpEndpoint() {
    return "http://127.0.0.1:" + httpPort;
  }

  /** A connection as the role that Grafana uses. */
  Connection readOnlyConnection() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + databasePort + "/telestep",
        "telestep_ro",
        READ_ONLY_PASSWORD);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(httpEndpoint() + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(httpEndpoint() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofByteArray());
  }

  /** Asks the process to stop (SIGTERM) and waits for it. */
  void stop() {
    end(false);
  }

  /** Kills the process (SIGKILL). */
  void kill() {
    end(true);
  }

  private void end(boolean force) {
    Process ending = process;
    if (ending == null) {
      return;
    }
    if (force) {
      ending.destroyForcibly();
    } else {
      ending.destroy();
    }
    try {
      if (!ending.waitFor(60, TimeUnit.SECONDS)) {
        ending.destroyForcibly().waitFor();
        throw new AssertionError("the receiver did not stop within 60 s of SIGTERM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    process = null;
  }

  @Override
  public void close() {
    stop();
  }

  String log() {
    try {
      return Files.readString(directory.resolve("receiver.log"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
