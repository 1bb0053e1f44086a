package dev.telestep.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that somebody else runs: the same programs, reached by address and password, as a
 * plain role that may make neither roles nor databases.
 */
public final class OutsideServer implements AutoCloseable {

  private static final String SUPERUSER_PASSWORD = "super";

  private final Cluster cluster;
  private @Nullable ServerProcess process;
  private int port;

  private OutsideServer(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Starts one in a directory of its own below {@code target}. */
  public static OutsideServer start(String name) throws IOException {
    Path base = Path.of("target", "test-data", name).toAbsolutePath();
    FileTrees.deleteTree(base);
    Files.createDirectories(base);
    OutsideServer server =
        new OutsideServer(Cluster.prepare(base, TestServer.binaries(), SUPERUSER_PASSWORD));
    server.start();
    return server;
  }

  /** Starts it again, on the port it had. */
  public void start() throws IOException {
    process = ServerProcess.start(cluster, port);
    port = process.port();
  }

  public void stop() {
    Objects.requireNonNull(process).stop();
  }

  /** Stops it as a crash would: nothing is written, recovery follows. */
  public void crash() throws IOException {
    long pid =
        Long.parseLong(Files.readAllLines(cluster.data().resolve("postmaster.pid")).get(0).strip());
    try {
      new ProcessBuilder("sh", "-c", "kill -QUIT " + pid).start().waitFor();
      ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** JDBC URL of a new database owned by {@link #user}. */
  public String newDatabase() throws SQLException {
    String name = "t_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "postgres",
                SUPERUSER_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "DO $$ BEGIN CREATE ROLE app LOGIN PASSWORD 'app secret';"
              + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
      statement.execute("CREATE DATABASE " + name + " OWNER app");
    }
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
  }

  public String user() {
    return "app";
  }

  public String password() {
    return "app secret";
  }

  @Override
  public void close() {
    stop();
  }
}
