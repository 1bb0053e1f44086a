package dev.telestep.agent;

import java.time.Instant;

/** A run of this process: alive from its start to its end. */
final class RunState {

  final RunIdentity identity;
  final byte[] encodedIdentity;
  final Thread thread;

  /** Name of the file that says the run is open. */
  final String file;

  volatile long lastTime;
  volatile long rows;
  volatile boolean ended;

  /** Whether it ended as failed, and nobody has said why. */
  volatile boolean failedWithoutCause;

  RunState(RunIdentity identity, String file, long startTime) {
    this.identity = identity;
    this.encodedIdentity = EntryEncoder.encodeIdentity(identity);
    this.thread = Thread.currentThread();
    this.file = file;
    this.lastTime = startTime;
  }

  boolean is(String runId, String attempt) {
    return identity.runId.equals(runId) && identity.attempt.equals(attempt);
  }

  /** A time that is later than everything the run has said, in nanoseconds since the epoch. */
  long nextTime() {
    return Math.max(now(), lastTime + 1);
  }

  static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
