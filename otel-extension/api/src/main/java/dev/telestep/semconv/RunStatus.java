package dev.telestep.semconv;

/** States of a run on the wire and in the store. */
public final class RunStatus {

  /** Training goes on. */
  public static final String RUNNING = "running";

  /** Ended as planned. */
  public static final String FINISHED = "finished";

  /** Ended by an error, or its process is known to be dead. */
  public static final String FAILED = "failed";

  /** Ended by a signal. */
  public static final String KILLED = "killed";

  /** Ended because somebody asked for it. */
  public static final String STOPPED = "stopped";

  /** Said to be running, but three heartbeats were missed. Derived, never sent. */
  public static final String UNREACHABLE = "unreachable";

  private RunStatus() {}
}
