package dev.telestep.store;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why; each reason maps to one gRPC status and one HTTP code. */
  public enum Reason {
    /** Too much is queued: try again later (RESOURCE_EXHAUSTED, 429). */
    BUSY,
    /** The database cannot be reached: try again later (UNAVAILABLE, 503). */
    UNAVAILABLE,
    /** The request cannot be stored, however often it is tried (INTERNAL, 500). */
    INTERNAL
  }

  private final Reason reason;

  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
