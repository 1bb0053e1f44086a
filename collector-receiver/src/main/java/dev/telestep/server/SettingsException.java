package dev.telestep.server;

/** A setting cannot be used; the message names it, its value and what was expected. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }

  SettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
