package dev.telestep.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A training JVM with the stock agent and the built extension. */
final class Training implements AutoCloseable {

  private final Process process;
  private final Path output;

  private Training(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts {@link Workload} with the arguments.
   *
   * @param directory where the journal and the output go; two trainings that share it share the
   *     journal directory, so the later one delivers what the earlier one left
   */
  static Training start(Path directory, String endpoint, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Fixture.java());
    command.add("-Xmx512m");
    command.add("-javaagent:" + Fixture.file("e2e.agent"));
    command.add("-Dotel.javaagent.extensions=" + Fixture.file("e2e.extension"));
    command.add("-Dotel.exporter.otlp.endpoint=" + endpoint);
    command.add("-Dotel.exporter.otlp.protocol=grpc");
    command.add("-Dotel.traces.exporter=none");
    command.add("-Dotel.metrics.exporter=none");
    command.add("-Dotel.logs.exporter=none");
    command.add("-Dotel.instrumentation.common.default-enabled=false");
    command.add("-Dotel.instrumentation.opentelemetry-api.enabled=true");
    command.add("-Dtelestep.journal.directory=" + directory.resolve("journal"));
    command.add("-cp");
    command.add(
        String.join(
            System.getProperty("path.separator"),
            Path.of(Workload.class.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString(),
            Fixture.file("e2e.api").toString(),
            jarOf(io.opentelemetry.api.OpenTelemetry.class),
            jarOf(io.opentelemetry.context.Context.class),
            jarOf(io.opentelemetry.common.ComponentLoader.class)));
    command.add(Workload.class.getName());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "training-", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("TELESTEP_"));
    builder.redirectOutput(output.toFile());
    return new Training(builder.start(), output);
  }

  private static String jarOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end and returns the exit code. */
  int waitFor(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("training did not end within " + limit + ": " + output());
    }
    return process.exitValue();
  }

  /** SIGKILL, as the kernel's out-of-memory killer would send it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
