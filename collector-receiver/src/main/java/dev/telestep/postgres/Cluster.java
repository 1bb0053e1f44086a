package dev.telestep.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The files of a database cluster, ready to be started. */
record Cluster(
    Path base, Path data, Binaries binaries, Privileges privileges, String superuserPassword) {

  /** Makes the cluster unless it is there, and checks that these programs can read it. */
  static Cluster prepare(Path base, Binaries binaries, String superuserPassword)
      throws IOException {
    Privileges privileges = Privileges.find(binaries.program("postgres"));
    Path data = base.resolve("data");
    Cluster cluster = new Cluster(base, data, binaries, privileges, superuserPassword);
    if (Files.exists(data)) {
      cluster.checkVersion();
      if (privileges.uid() >= 0) {
        FileTrees.chown(data, privileges.uid());
      }
    } else {
      cluster.initialise();
    }
    return cluster;
  }

  private void checkVersion() throws IOException {
    String made = Files.readString(data.resolve("PG_VERSION"), StandardCharsets.US_ASCII).strip();
    String ours = majorVersion();
    if (!made.equals(ours)) {
      throw new EmbeddedPostgresException(
          data
              + " was made by PostgreSQL "
              + made
              + ", and this build carries "
              + ours
              + ": serve it with PostgreSQL "
              + made
              + " through TELESTEP_DATABASE_URL, or choose another TELESTEP_DATA_DIR",
          null);
    }
  }

  private String majorVersion() throws IOException {
    // "postgres (PostgreSQL) 18.6"
    String answer = run(List.of(binaries.program("postgres").toString(), "--version"));
    String version = answer.strip().substring(answer.strip().lastIndexOf(' ') + 1);
    return version.contains(".") ? version.substring(0, version.indexOf('.')) : version;
  }

  private void initialise() throws IOException {
    Path unfinished = base.resolve("data.new");
    FileTrees.deleteTree(unfinished);
    Files.createDirectory(unfinished);
    Path passwordFile = base.resolve("initdb.password");
    FileTrees.writeSecret(passwordFile, superuserPassword);
    if (privileges.uid() >= 0) {
      FileTrees.chown(unfinished, privileges.uid());
      FileTrees.chown(passwordFile, privileges.uid());
    }
    run(
        privileges.command(
            List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + unfinished,
                "--username=postgres",
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums")));
    Files.delete(passwordFile);
    // The rename is the last step: a directory of the final name is always complete.
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private String run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(base.toFile()).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new EmbeddedPostgresException(
            String.join(" ", command)
                + " failed: "
                + output.strip()
                + " (set TELESTEP_DATABASE_URL to use another PostgreSQL)",
            null);
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("interrupted while running " + command, e);
    } finally {
      process.destroyForcibly();
    }
  }
}
