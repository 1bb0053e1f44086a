package dev.telestep.server;

/** The receiver cannot start; the message says why and what to change. */
public final class ServerStartException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
