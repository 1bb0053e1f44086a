package dev.telestep.cli;

/** Ends a command with a message for people and an exit code of {@link Telestep}. */
final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String message;
  private final int exitCode;

  CommandException(int exitCode, String message) {
    super(message);
    this.message = message;
    this.exitCode = exitCode;
  }

  String message() {
    return message;
  }

  int exitCode() {
    return exitCode;
  }
}
