package dev.telestep.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Keeps what no receiver will take, one line of text each, in {@code quarantine.log} of the
 * journal's directory; at most 16 MiB, further ones are only counted.
 */
final class Quarantine {

  private static final long MAX_BYTES = 16 << 20;

  private final Path file;
  private final Complaints complaints = new Complaints();

  Quarantine(Path journalDirectory) {
    this.file = journalDirectory.resolve("quarantine.log");
  }

  void add(String entry, String reason) {
    complaints.report(1, () -> "an entry cannot be delivered, kept in " + file + ": " + reason);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file) || Files.size(file) < MAX_BYTES) {
        String line = Instant.now() + " " + reason + ": " + entry.replace("\n", "\\n") + "\n";
        Files.write(
            file,
            line.getBytes(StandardCharsets.UTF_8),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      complaints.report(0, () -> "the quarantine " + file + " cannot be written: " + e);
    }
  }

  long count() {
    return complaints.count();
  }
}
