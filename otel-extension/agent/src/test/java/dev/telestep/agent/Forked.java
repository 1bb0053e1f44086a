package dev.telestep.agent;

import dev.telestep.Telestep;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.context.Context;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A forked JVM that trains. */
final class Forked {

  private final List<String> command = new ArrayList<>();
  private final Path output;

  private Forked(Path java, Path directory) throws IOException {
    command.add(java.toString());
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dtelestep.journal.directory=" + directory.resolve("journal"));
    command.add("-Dotel.service.name=forked");
    command.add("-Dotel.exporter.otlp.protocol=http/protobuf");
    command.add("-Dotel.traces.exporter=none");
    command.add("-Dotel.metrics.exporter=none");
    command.add("-Dotel.logs.exporter=none");
    output = Files.createTempFile(directory, "output", ".txt");
  }

  static Forked withAgent(Path directory, String endpoint) throws IOException {
    return withAgent(Path.of(System.getProperty("java.home"), "bin", "java"), directory, endpoint);
  }

  static Forked withAgent(Path java, Path directory, String endpoint) throws IOException {
    Forked forked = new Forked(java, directory);
    forked.set("otel.exporter.otlp.endpoint", endpoint);
    forked.set("otel.javaagent.extensions", setting("telestep.extension.jar"));
    forked.set("otel.instrumentation.common.default-enabled", "false");
    forked.set("otel.instrumentation.opentelemetry-api.enabled", "true");
    forked.set("otel.instrumentation.java-util-logging.enabled", "true");
    forked.command.add("-javaagent:" + setting("telestep.javaagent.jar"));
    forked.classPath(
        location(TrainingMain.class),
        location(Telestep.class),
        location(GlobalOpenTelemetry.class),
        location(Context.class),
        location(io.opentelemetry.common.ComponentLoader.class));
    return forked;
  }

  static Forked withAutoconfigure(Path directory, String endpoint) throws IOException {
    Forked forked = new Forked(Path.of(System.getProperty("java.home"), "bin", "java"), directory);
    forked.set("otel.exporter.otlp.endpoint", endpoint);
    forked.set("test.autoconfigure", "true");
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    forked.classPath(all.split(File.pathSeparator));
    return forked;
  }

  Forked set(String property, String value) {
    command.add("-D" + property + "=" + value);
    return this;
  }

  Process start(String... arguments) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.add(TrainingMain.class.getName());
    whole.addAll(List.of(arguments));
    return new ProcessBuilder(whole)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Runs to the end and gives the exit code. */
  int run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new AssertionError("still running: " + output());
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  void awaitOutput(String text) {
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> output().contains(text));
  }

  private void classPath(String... entries) {
    command.add("-cp");
    command.add(String.join(File.pathSeparator, entries));
  }

  private static String location(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static String setting(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
