package dev.telestep.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How to start PostgreSQL, which refuses to run as root. Root has two ways:
 *
 * <ol>
 *   <li>{@code setpriv} to the user nobody, who then owns the database files. It is a real loss of
 *       rights and is allowed in containers, but nobody must be able to reach the directory.
 *   <li>{@code unshare -U}, where the directory lies in a place closed to others (such as {@code
 *       /root}): in a user namespace without a mapping root has no privilege left and looks like
 *       nobody, while it still owns its files.
 * </ol>
 *
 * @param prefix what stands before the program
 * @param uid owner of the database files, -1: leave them as they are
 */
record Privileges(List<String> prefix, int uid) {

  private static final int ROOT = 0;
  private static final int NOBODY = 65534;

  /** Finds the way that can start {@code program}. */
  static Privileges find(Path program) {
    if (new UnixSystem().getUid() != ROOT) {
      return new Privileges(List.of(), -1);
    }
    List<String> setpriv =
        List.of(
            "setpriv",
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            "--inh-caps=-all");
    if (works(setpriv, program)) {
      return new Privileges(setpriv, NOBODY);
    }
    List<String> unshare = List.of("unshare", "-U");
    if (works(unshare, program)) {
      return new Privileges(unshare, ROOT);
    }
    throw new EmbeddedPostgresException(
        "PostgreSQL does not run as root, and neither setpriv nor unshare (util-linux) can start "
            + program
            + " with fewer rights: run as another user, choose a TELESTEP_DATA_DIR that every user"
            + " can reach, or set TELESTEP_DATABASE_URL",
        null);
  }

  /** A command line under these rights. */
  List<String> command(List<String> words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(words);
    return command;
  }

  private static boolean works(List<String> prefix, Path program) {
    List<String> command = new ArrayList<>(prefix);
    // In a shell, because setpriv itself still has every right when it executes its program.
    command.addAll(List.of("sh", "-c", "\"$0\" --version", program.toString()));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // not installed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
