package dev.telestep.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The dashboards as Grafana reads them, and the command that writes them to files. */
public final class Dashboards {

  private static final ObjectWriter WRITER = writer();

  private Dashboards() {}

  /** The JSON text of every dashboard by its file name. */
  public static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("runs.json", text(RunsDashboard.json()));
    files.put("run.json", text(RunDashboard.json()));
    files.put("compare.json", text(CompareDashboard.json()));
    return files;
  }

  /**
   * Writes the dashboards.
   *
   * @param arguments the directory to write to
   * @throws IllegalArgumentException when there is not exactly one argument
   * @throws UncheckedIOException when a file cannot be written
   */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      throw new IllegalArgumentException(
          "expected one argument, the directory for the dashboards, got " + arguments.length);
    }
    Path directory = Path.of(arguments[0]);
    try {
      Files.createDirectories(directory);
      for (Map.Entry<String, String> file : files().entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write dashboards to " + directory, e);
    }
  }

  private static String text(ObjectNode dashboard) {
    try {
      return WRITER.writeValueAsString(dashboard) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was built here always has a text", e);
    }
  }

  /** Everything but ASCII is escaped, so that a reader sees the characters of no width. */
  private static ObjectWriter writer() {
    DefaultIndenter indenter = new DefaultIndenter(" ", "\n");
    return JsonMapper.builder()
        .build()
        .writer(new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter))
        .with(JsonWriteFeature.ESCAPE_NON_ASCII);
  }
}
