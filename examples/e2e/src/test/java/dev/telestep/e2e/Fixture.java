package dev.telestep.e2e;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the built parts are, and a clean directory for each test. */
final class Fixture {

  static final Charset UTF_8 = StandardCharsets.UTF_8;

  private Fixture() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The file that a system property of the build names; a missing one fails the test. */
  static Path file(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException(
          "system property " + property + " is not set: run the test through Maven");
    }
    Path path = Path.of(value).normalize();
    if (!Files.exists(path)) {
      throw new IllegalStateException(property + " is not built: " + path);
    }
    return path;
  }

  /** An empty directory of that name under the build directory. */
  static Path workDirectory(String name) {
    Path directory = Path.of(System.getProperty("e2e.work", "target/work")).resolve(name);
    try {
      if (Files.exists(directory)) {
        List<Path> old;
        try (Stream<Path> walk = Files.walk(directory)) {
          old = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : old) {
          Files.delete(path);
        }
      }
      return Files.createDirectories(directory).toAbsolutePath();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
