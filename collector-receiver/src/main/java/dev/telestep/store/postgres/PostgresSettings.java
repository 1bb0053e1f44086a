package dev.telestep.store.postgres;

import org.jspecify.annotations.Nullable;

/**
 * How to reach the database and how much may wait for it.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}; PostgreSQL 15 or newer
 * @param user owner of the schemas {@code telestep} and {@code telestep_store}; needs CREATE on the
 *     database, and CREATEROLE if it is to make the read-only role
 * @param poolSize connections at most; at least 3
 * @param readOnlyPassword password to give to the role {@code telestep_ro}; null: leave it alone
 * @param maxQueuedPoints points (and other facts) that may wait for their commit
 * @param maxQueuedBytes estimated bytes of them
 */
public record PostgresSettings(
    String jdbcUrl,
    String user,
    String password,
    int poolSize,
    @Nullable String readOnlyPassword,
    long maxQueuedPoints,
    long maxQueuedBytes) {

  public PostgresSettings {
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "the database URL must begin with jdbc:postgresql: and does not: " + jdbcUrl);
    }
    if (poolSize < 3) {
      throw new IllegalArgumentException("poolSize must be at least 3: " + poolSize);
    }
    if (maxQueuedPoints < 1 || maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "the queue limits must be positive: " + maxQueuedPoints + ", " + maxQueuedBytes);
    }
  }

  /** The defaults: 8 connections, 1,000,000 points or 256 MiB waiting. */
  public static PostgresSettings of(String jdbcUrl, String user, String password) {
    return new PostgresSettings(jdbcUrl, user, password, 8, null, 1_000_000, 256L << 20);
  }

  public PostgresSettings withPoolSize(int size) {
    return new PostgresSettings(
        jdbcUrl, user, password, size, readOnlyPassword, maxQueuedPoints, maxQueuedBytes);
  }

  public PostgresSettings withReadOnlyPassword(@Nullable String newPassword) {
    return new PostgresSettings(
        jdbcUrl, user, password, poolSize, newPassword, maxQueuedPoints, maxQueuedBytes);
  }

  public PostgresSettings withQueueLimits(long points, long bytes) {
    return new PostgresSettings(jdbcUrl, user, password, poolSize, readOnlyPassword, points, bytes);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "PostgresSettings[" + jdbcUrl + ", user=" + user + ", poolSize=" + poolSize + "]";
  }
}
