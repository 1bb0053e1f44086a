package dev.telestep.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The program {@code telestep}.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 no receiver answers, 4 no such run
 * or metric.
 */
@Command(
    name = "telestep",
    description = "Training runs inside the observability stack you already have.",
    mixinStandardHelpOptions = true,
    versionProvider = Telestep.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      RunsCommand.class,
      ShowCommand.class,
      LogsCommand.class,
      CommandLine.HelpCommand.class
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage or setting",
      "3:no receiver answers",
      "4:no such run or metric"
    })
public final class Telestep {

  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NO_SERVER = 3;
  static final int NOT_FOUND = 4;

  private Telestep() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Bars and curves need UTF-8, also where the locale says nothing.
    CommandLine commandLine =
        commandLine()
            .setOut(new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)))
            .setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8)));
    int code = commandLine.execute(arguments);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    System.exit(code);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Telestep())
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof CommandException known) {
                command.getErr().println(command.getColorScheme().errorText(known.message()));
                return known.exitCode();
              }
              throw failure;
            });
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      @Nullable String version = Telestep.class.getPackage().getImplementationVersion();
      return new String[] {"telestep " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
