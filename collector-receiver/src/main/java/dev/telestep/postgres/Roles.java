package dev.telestep.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** The role and the database that the receiver uses in a server of its own. */
final class Roles {

  private Roles() {}

  static void prepare(String url, String superuserPassword, String owner, String password) {
    try {
      try (Connection connection = DriverManager.getConnection(url, "postgres", superuserPassword);
          Statement statement = connection.createStatement()) {
        if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = ?", owner)) {
          statement.execute("CREATE ROLE " + owner + " LOGIN CREATEROLE");
        }
        connection
            .unwrap(PGConnection.class)
            .alterUserPassword(owner, password.toCharArray(), "scram-sha-256");
        if (!exists(connection, "SELECT FROM pg_database WHERE datname = ?", owner)) {
          statement.execute("CREATE DATABASE " + owner + " OWNER " + owner);
        }
        // Nobody but the owner may make tables, temporary ones included.
        statement.execute("REVOKE TEMPORARY ON DATABASE " + owner + " FROM PUBLIC");
      }
    } catch (SQLException e) {
      throw new EmbeddedPostgresException(
          "the database " + owner + " cannot be made: " + e.getMessage(), e);
    }
  }

  private static boolean exists(Connection connection, String query, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }
}
