package dev.telestep.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running postmaster. */
final class ServerProcess {

  private static final Logger logger = LoggerFactory.getLogger(ServerProcess.class);

  private static final int PORTS_TO_TRY = 100;
  private static final long START_SECONDS = 120;
  private static final long MAX_LOG_BYTES = 16L << 20;

  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "password_encryption=scram-sha-256",
          "max_connections=80",
          "shared_buffers=128MB",
          "max_wal_size=2GB",
          "wal_compression=pglz",
          "jit=off",
          "timezone=UTC",
          "log_timezone=UTC");

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static ServerProcess start(Cluster cluster, int wantedPort) throws IOException {
    Orphan.stop(cluster.data());
    Path log = cluster.base().resolve("postgres.log");
    if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
      Files.move(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    int port = freePort(wantedPort);
    List<String> words = new ArrayList<>();
    if (hasSetsid()) {
      // A session of its own: Ctrl-C must reach the receiver, which then drains, and not
      // PostgreSQL.
      words.add("setsid");
    }
    words.add(cluster.binaries().program("postgres").toString());
    words.add("-D");
    words.add(cluster.data().toString());
    for (String setting : SETTINGS) {
      words.add("-c");
      words.add(setting);
    }
    words.add("-c");
    words.add("port=" + port);
    Process process =
        new ProcessBuilder(cluster.privileges().command(words))
            .directory(cluster.base().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    ServerProcess server = new ServerProcess(process, port);
    try {
      server.awaitAnswer(cluster, log);
    } catch (RuntimeException | IOException e) {
      server.stop();
      throw e;
    }
    return server;
  }

  int port() {
    return port;
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Fast shutdown: connections are cut, everything committed is written. */
  void stop() {
    Signals.stop(process.toHandle());
  }

  private void awaitAnswer(Cluster cluster, Path log) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Connection connection =
          DriverManager.getConnection(
              jdbcUrl("postgres"), "postgres", cluster.superuserPassword())) {
        logger.debug("connected to {}", connection);
        return;
      } catch (SQLException e) {
        boolean refused = "28P01".equals(e.getSQLState());
        if (refused || !process.isAlive() || System.nanoTime() > deadline) {
          throw new EmbeddedPostgresException(
              "PostgreSQL did not start: " + e.getMessage() + "; its log says: " + tail(log), e);
        }
      }
      try {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new EmbeddedPostgresException(
              "PostgreSQL ended at once; its log says: " + tail(log), null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddedPostgresException("interrupted while PostgreSQL starts", e);
      }
    }
  }

  private static int freePort(int wanted) throws IOException {
    for (int port = wanted; port < wanted + PORTS_TO_TRY; port++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        if (wanted != 0 && port != wanted) {
          logger.info("port {} is taken, PostgreSQL uses {}", wanted, port);
        }
        return socket.getLocalPort();
      } catch (IOException e) {
        logger.debug("port {}", port, e);
      }
    }
    throw new IOException(
        "no free port from " + wanted + " to " + (wanted + PORTS_TO_TRY - 1) + " on 127.0.0.1");
  }

  private static boolean hasSetsid() {
    return Files.isExecutable(Path.of("/usr/bin/setsid"));
  }

  private static String tail(Path log) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - 2000));
      byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }
}
