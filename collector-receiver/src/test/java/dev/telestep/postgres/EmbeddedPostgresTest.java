package dev.telestep.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whatever user the build runs, root included. */
class EmbeddedPostgresTest {

  @TempDir Path directory;

  @BeforeEach
  void lendBinaries() throws IOException {
    TestServer.lendBinaries(directory);
  }

  @Test
  void restart_keepsTheData() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      execute(server, "CREATE TABLE t AS SELECT 42 AS answer");
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      assertThat(query(server, "SELECT answer FROM t")).isEqualTo("42");
    }
  }

  @Test
  void server_isDurableAndClosedToOthers() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        assertThat(query(server, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
          .isEqualTo("f");
      for (String user : new String[] {"postgres", server.user()}) {
        assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), user, "wrong"))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      }
      try (Stream<Path> files = Files.list(directory.resolve("postgres"))) {
        assertThat(files.filter(f -> f.toString().endsWith(".password")))
            .hasSize(2)
            .allSatisfy(
                f ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void secondReceiverOnTheDirectory_isRefused() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(directory, server.port()).close())
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContaining("another receiver uses " + directory)
          .hasMessageContaining("TELESTEP_DATA_DIR");
    }
  }

  @Test
  void orphanOfAKilledJvm_isStoppedAndItsDataKept() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Halting.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("jvm.out").toFile())
            .start();
    assertThat(jvm.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(jvm.exitValue())
        .as(() -> readOrEmpty(directory.resolve("jvm.out")))
        .isEqualTo(Halting.EXIT);
    Path pidFile = directory.resolve("postgres/data/postmaster.pid");
    ProcessHandle orphan =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0).strip())).orElseThrow();
    assertThat(orphan.isAlive()).isTrue();

    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      assertThat(orphan.isAlive()).isFalse();
      assertThat(query(server, "SELECT answer FROM t")).isEqualTo("43");
    }
  }

  /** Starts a server, writes, and dies without a word, as kill -9 would make it. */
  static final class Halting {
    static final int EXIT = 99;

    private Halting() {}

    public static void main(String[] args) throws SQLException {
      EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(args[0]), 0);
      execute(server, "CREATE TABLE t AS SELECT 43 AS answer");
      Runtime.getRuntime().halt(EXIT);
    }
  }

  @Test
  void pidFileOfAnotherProgram_isNotTakenForAServer() throws Exception {
    EmbeddedPostgres.start(directory, 0).close();
    Path pidFile = directory.resolve("postgres/data/postmaster.pid");
    Files.writeString(pidFile, ProcessHandle.current().pid() + "\n/elsewhere\n");

    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void portTaken_theNextFreeOneIsUsed() throws Exception {
    try (ServerSocket taken =
            new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        EmbeddedPostgres server = EmbeddedPostgres.start(directory, taken.getLocalPort())) {
      assertThat(server.port()).isGreaterThan(taken.getLocalPort());
      assertThat(query(server, "SHOW port")).isEqualTo(String.valueOf(server.port()));
    }
  }

  @Test
  void dataOfAnotherVersion_isRefusedWithAdvice() throws Exception {
    Path data = Files.createDirectories(directory.resolve("postgres/data"));
    Files.writeString(data.resolve("PG_VERSION"), "14\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(directory, 0))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("was made by PostgreSQL 14, and this build carries 18")
        .hasMessageContaining("TELESTEP_DATABASE_URL");
  }

  @Test
  void unsupportedPlatform_isRefusedWithAdvice() {
    assertThat(Binaries.resourceName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
    assertThatThrownBy(() -> Binaries.resourceName("Windows 11", "amd64"))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("Windows 11 on amd64")
        .hasMessageContaining("TELESTEP_DATABASE_URL");
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  private static String readOrEmpty(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
