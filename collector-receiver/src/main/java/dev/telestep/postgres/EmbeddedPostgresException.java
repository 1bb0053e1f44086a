package dev.telestep.postgres;

import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL cannot run; the message says why and what can be done. */
public final class EmbeddedPostgresException extends RuntimeException {

  private static final long serialVersionUID = 1;

  EmbeddedPostgresException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
