package dev.telestep.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the database to the newest schema and prepares the read-only role. Does it once per
 * process, at the first use that finds the database up; several receivers may do it at once (Flyway
 * holds a lock in the database).
 */
public final class SchemaMigrator {

  private static final Logger logger = LoggerFactory.getLogger(SchemaMigrator.class);

  static final String SCHEMA = "telestep_store";

  private final DataSource database;
  private final @Nullable String readOnlyPassword;
  private volatile boolean done;

  public SchemaMigrator(DataSource database, @Nullable String readOnlyPassword) {
    this.database = database;
    this.readOnlyPassword = readOnlyPassword;
  }

  /**
   * Returns when the schema is up to date.
   *
   * @throws SQLException when the database cannot be reached or refuses the migration
   */
  public void ensure() throws SQLException {
    if (!done) {
      migrate();
    }
  }

  private synchronized void migrate() throws SQLException {
    if (done) {
      return;
    }
    // Flyway would wait and wrap: find out first whether anybody answers.
    try (Connection connection = database.getConnection()) {
      logger.debug("migrating {}", connection.getMetaData().getURL());
    }
    try {
      Flyway.configure(SchemaMigrator.class.getClassLoader())
          .dataSource(database)
          .schemas(SCHEMA)
          .createSchemas(true)
          .locations("classpath:db/migration")
          .placeholderReplacement(false)
          .validateMigrationNaming(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new SQLException(
          "the schema cannot be brought up to date: " + e.getMessage(), "42000", e);
    }
    prepareReader();
    done = true;
  }

  private void prepareReader() throws SQLException {
    boolean warned = false;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet warnings =
          statement.executeQuery("SELECT * FROM telestep_store.prepare_reader()")) {
        while (warnings.next()) {
          warned = true;
          logger.warn("read-only role: {}", warnings.getString(1));
        }
      }
      if (readOnlyPassword == null) {
        return;
      }
      try {
        // The driver hashes it, so that the password is in no log.
        connection
            .unwrap(PGConnection.class)
            .alterUserPassword("telestep_ro", readOnlyPassword.toCharArray(), "scram-sha-256");
      } catch (SQLException e) {
        if (!warned) {
          logger.warn("the password of telestep_ro cannot be set: {}", e.getMessage());
        }
      }
    }
  }
}
