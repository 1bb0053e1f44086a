package dev.telestep.postgres;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signals that PostgreSQL knows and Java cannot send. */
final class Signals {

  private static final Logger logger = LoggerFactory.getLogger(Signals.class);

  private static final long FAST_SECONDS = 60;
  private static final long IMMEDIATE_SECONDS = 20;

  private Signals() {}

  /** Stops a postmaster: fast, then immediately (it recovers at its next start), then killed. */
  static void stop(ProcessHandle postmaster) {
    if (!signal(postmaster, "INT", FAST_SECONDS)
        && !signal(postmaster, "QUIT", IMMEDIATE_SECONDS)) {
      logger.warn("PostgreSQL (process {}) does not stop and is killed", postmaster.pid());
      postmaster.destroyForcibly();
    }
  }

  private static boolean signal(ProcessHandle postmaster, String name, long seconds) {
    if (!postmaster.isAlive()) {
      return true;
    }
    try {
      // A shell has kill built in; the program of that name is often missing in containers.
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + postmaster.pid()).start().waitFor();
      postmaster.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      logger.warn("PostgreSQL has not stopped {} s after SIG{}", seconds, name);
    } catch (IOException | ExecutionException e) {
      logger.warn("SIG{} to PostgreSQL", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
