package dev.telestep.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One embedded server for all tests of this JVM; every test class gets a database of its own. */
public final class TestServer {

  private static final Path DIRECTORY = Path.of("target", "test-data");

  private final EmbeddedPostgres server;
  private final String superuserPassword;

  private TestServer(EmbeddedPostgres server, String superuserPassword) {
    this.server = server;
    this.superuserPassword = superuserPassword;
  }

  private static final class Holder {
    static final TestServer SHARED = start();
  }

  /** The server, started at the first call and stopped when the JVM ends. */
  public static TestServer shared() {
    return Holder.SHARED;
  }

  private static TestServer start() {
    EmbeddedPostgres server = EmbeddedPostgres.start(DIRECTORY, 0);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    try {
      String password =
          Files.readString(
              DIRECTORY.resolve("postgres/superuser.password"), StandardCharsets.UTF_8);
      TestServer shared = new TestServer(server, password);
      shared.dropOldDatabases();
      return shared;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** JDBC URL of a new, empty database that {@link #user} owns. */
  public String newDatabase() throws SQLException {
    String name = "t_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = superuser(url("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " OWNER " + user());
      statement.execute("REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
    }
    return url(name);
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  public int port() {
    return server.port();
  }

  /** The programs of the shared server. */
  static Binaries binaries() throws IOException {
    shared();
    return Binaries.unpack(DIRECTORY.resolve("postgres").toAbsolutePath());
  }

  /** Spares a data directory the unpacking. */
  static void lendBinaries(Path dataDirectory) throws IOException {
    Path home = binaries().home();
    Path base = Files.createDirectories(dataDirectory.resolve("postgres"));
    Files.createSymbolicLink(base.resolve(home.getFileName()), home);
  }

  public Connection superuser(String url) throws SQLException {
    return DriverManager.getConnection(url, "postgres", superuserPassword);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  private void dropOldDatabases() throws SQLException {
    try (Connection connection = superuser(url("postgres"));
        Statement statement = connection.createStatement()) {
      List<String> old = new ArrayList<>();
      try (ResultSet names =
          statement.executeQuery("SELECT datname FROM pg_database WHERE datname LIKE 't\\_%'")) {
        while (names.next()) {
          old.add(names.getString(1));
        }
      }
      for (String name : old) {
        statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
      }
    }
  }
}
