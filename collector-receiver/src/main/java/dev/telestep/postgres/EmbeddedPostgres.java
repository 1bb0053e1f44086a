package dev.telestep.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server inside a data directory, for installations without one of their own.
 *
 * <p>It listens on the loopback interface only, asks for a password, and is as durable as any other
 * (fsync, synchronous commit and full page writes are on). The first start unpacks the programs and
 * makes the cluster, which takes some seconds; what was written survives {@link #close}, a restart
 * and the death of this process.
 *
 * <p>One process at a time may use a data directory. A server that a killed process left running is
 * recognised and stopped before a new one is started, so that no old settings live on.
 *
 * <pre>
 * postgres/telestep.lock    held while the server is in use
 * postgres/pgsql-…/         the programs
 * postgres/data/            the cluster
 * postgres/postgres.log     what the server says
 * postgres/*.password       generated, readable by the owner only
 * </pre>
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private static final String OWNER = "telestep";

  private final FileChannel lockFile;
  private final ServerProcess server;
  private final String password;

  private EmbeddedPostgres(FileChannel lockFile, ServerProcess server, String password) {
    this.lockFile = lockFile;
    this.server = server;
    this.password = password;
  }

  /**
   * Starts the server and returns when it answers.
   *
   * @param dataDirectory where everything is kept; made when it is missing
   * @param port the port to listen on; when it is taken the next free one; 0: any
   * @throws EmbeddedPostgresException when it cannot be started
   */
  public static EmbeddedPostgres start(Path dataDirectory, int port) {
    Path base = dataDirectory.toAbsolutePath().normalize().resolve("postgres");
    FileChannel lockFile = null;
    try {
      Files.createDirectories(base);
      lockFile = lock(base);
      Binaries binaries = Binaries.unpack(base);
      Cluster cluster = Cluster.prepare(base, binaries, secret(base, "superuser.password"));
      ServerProcess server = ServerProcess.start(cluster, port);
      try {
        String password = secret(base, "telestep.password");
        Roles.prepare(server.jdbcUrl("postgres"), cluster.superuserPassword(), OWNER, password);
        logger.info("PostgreSQL listens on 127.0.0.1:{}, data in {}", server.port(), base);
        return new EmbeddedPostgres(lockFile, server, password);
      } catch (RuntimeException | IOException e) {
        server.stop();
        throw e;
      }
    } catch (IOException e) {
      closeQuietly(lockFile);
      throw new EmbeddedPostgresException(
          "the embedded PostgreSQL in " + base + " cannot be started: " + e, e);
    } catch (RuntimeException e) {
      closeQuietly(lockFile);
      throw e;
    }
  }

  /** Address of the database. */
  public String jdbcUrl() {
    return server.jdbcUrl(OWNER);
  }

  /** Owner of the database; no superuser. */
  public String user() {
    return OWNER;
  }

  /** Password of {@link #user}. */
  public String password() {
    return password;
  }

  /** Where the server listens on 127.0.0.1. */
  public int port() {
    return server.port();
  }

  /** Stops the server cleanly; open connections are cut. */
  @Override
  public void close() {
    server.stop();
    closeQuietly(lockFile);
  }

  private static FileChannel lock(Path base) throws IOException {
    FileChannel channel =
        FileChannel.open(
            base.resolve("telestep.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      logger.debug("this process holds {} already", base);
    }
    if (lock == null) {
      channel.close();
      throw new EmbeddedPostgresException(
          "another receiver uses "
              + base
              + ": stop it, give this one its own TELESTEP_DATA_DIR, or point both at one"
              + " PostgreSQL with TELESTEP_DATABASE_URL",
          null);
    }
    return channel;
  }

  private static String secret(Path base, String name) throws IOException {
    Path file = base.resolve(name);
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      FileTrees.writeSecret(file, HexFormat.of().formatHex(random));
    }
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      logger.debug("closing the lock file", e);
    }
  }
}
