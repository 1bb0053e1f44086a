package dev.telestep.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A postmaster that outlived the process that started it. */
final class Orphan {

  private static final Logger logger = LoggerFactory.getLogger(Orphan.class);

  private Orphan() {}

  /**
   * Stops the postmaster that still serves {@code data}. The caller holds the lock of the
   * directory, so whoever started it is gone.
   */
  static void stop(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
    ProcessHandle process = lines.isEmpty() ? null : find(lines.get(0).strip());
    if (process != null && serves(process, data)) {
      logger.warn(
          "stopping the PostgreSQL (process {}) that a killed receiver left running on {}",
          process.pid(),
          data);
      Signals.stop(process);
    } else {
      // Another program may have got the number since; PostgreSQL would take it for a live server.
      Files.delete(pidFile);
    }
  }

  private static @Nullable ProcessHandle find(String pid) {
    try {
      return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).orElse(null);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean serves(ProcessHandle process, Path data) throws IOException {
    Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
    if (Files.isReadable(workingDirectory) && Files.exists(data)) {
      return Files.isSameFile(workingDirectory, data);
    }
    // Without /proc: the program lies in our own directory, whose lock the caller holds.
    Path base = data.resolveSibling("");
    return process.info().command().map(Path::of).filter(c -> c.startsWith(base)).isPresent();
  }
}
