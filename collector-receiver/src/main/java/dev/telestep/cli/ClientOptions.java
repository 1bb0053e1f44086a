package dev.telestep.cli;

import picocli.CommandLine.Option;

/** What every command that asks a receiver has. */
final class ClientOptions {

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:TELESTEP_URL:-http://127.0.0.1:4318}",
      description = "The receiver's address (or TELESTEP_URL; default http://127.0.0.1:4318).")
  private String url = "";

  @Option(names = "--json", description = "Print JSON, as the receiver's API gives it.")
  private boolean json;

  ApiClient client() {
    return new ApiClient(url);
  }

  boolean json() {
    return json;
  }
}
