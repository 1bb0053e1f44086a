package dev.telestep.collector;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request was not accepted, nothing of it. */
public final class CollectorException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why; each kind maps to one gRPC status and one HTTP code. */
  public enum Kind {
    /** The body cannot be read (INVALID_ARGUMENT, 400). */
    MALFORMED,
    /** The body is larger than allowed (RESOURCE_EXHAUSTED without retry information, 413). */
    TOO_LARGE,
    /** Too much is under way: try again later (RESOURCE_EXHAUSTED, 429). */
    BUSY,
    /** The database cannot be reached: try again later (UNAVAILABLE, 503). */
    UNAVAILABLE,
    /** It cannot be stored, however often it is tried (INTERNAL, 500). */
    INTERNAL;

    /** The name in counters. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the same request may succeed later. */
    public boolean isRetryable() {
      return this == BUSY || this == UNAVAILABLE;
    }
  }

  private final Kind kind;

  public CollectorException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
