package dev.telestep.cli;

import dev.telestep.server.Receiver;
import dev.telestep.server.ServerSettings;
import dev.telestep.server.ServerStartException;
import dev.telestep.server.SettingsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code telestep serve}: the receiver, until a signal ends it. */
@Command(
    name = "serve",
    description = "Receive OTLP and keep runs in PostgreSQL (an embedded one by default).",
    mixinStandardHelpOptions = true,
    footer = "%nSettings are environment variables: see collector-receiver/README.md.")
final class ServeCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ServerSettings settings;
    Receiver receiver;
    try {
      settings = ServerSettings.from(System.getenv());
      receiver = Receiver.start(settings);
    } catch (SettingsException e) {
      throw new CommandException(Telestep.USAGE, String.valueOf(e.getMessage()));
    } catch (ServerStartException e) {
      throw new CommandException(Telestep.FAILED, String.valueOf(e.getMessage()));
    }
    // A signal ends the process when its hooks have run: then everything accepted is durable.
    Runtime.getRuntime().addShutdownHook(new Thread(receiver::close, "telestep-shutdown"));
    Output.of(spec).print(greeting(settings, receiver));
    new CountDownLatch(1).await();
    return 0;
  }

  static String greeting(ServerSettings settings, Receiver receiver) {
    String host = settings.bind();
    StringBuilder out = new StringBuilder();
    out.append("OTLP gRPC    http://").append(host).append(':').append(receiver.grpcPort());
    out.append("\nOTLP HTTP    http://").append(host).append(':').append(receiver.httpPort());
    out.append("\nAPI          http://").append(host).append(':').append(receiver.httpPort());
    out.append("/api/v1  (also /health and /metrics)");
    out.append("\nDatabase     ").append(receiver.databaseUrl());
    if (receiver.isEmbedded()) {
      out.append("  (embedded, in ").append(settings.dataDirectory()).append(')');
    }
    String problem = receiver.problem();
    if (problem != null) {
      out.append("\n             NOT AVAILABLE YET: ").append(problem);
    }
    out.append(
        "\nGrafana      PostgreSQL data source on that database, user telestep_ro, password ");
    Path file = receiver.readOnlyPasswordFile();
    if (file != null) {
      out.append("in ").append(file);
    } else if (settings.readonlyPassword() != null) {
      out.append("from TELESTEP_READONLY_PASSWORD");
    } else {
      out.append("as set in the database (or set TELESTEP_READONLY_PASSWORD)");
    }
    return out.append("\nReady. Stop with Ctrl-C.").toString();
  }
}
