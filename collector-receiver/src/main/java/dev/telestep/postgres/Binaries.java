package dev.telestep.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL programs of this platform, taken out of the jar that carries them. */
record Binaries(Path home) {

  /** Unpacks them below {@code base} unless the same ones are there already. */
  static Binaries unpack(Path base) throws IOException {
    String name = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
    Path home = base.resolve("pgsql-" + digest(name));
    if (!Files.exists(home)) {
      Path unfinished = base.resolve(home.getFileName() + ".unpacking");
      FileTrees.deleteTree(unfinished);
      try (InputStream in = open(name)) {
        extract(in, unfinished);
      }
      // The rename is the last step: a directory of the final name is always complete.
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return new Binaries(home);
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  static String resourceName(@Nullable String os, @Nullable String arch) {
    String system = os == null ? "" : os.toLowerCase(Locale.ROOT);
    String machine = arch == null ? "" : arch.toLowerCase(Locale.ROOT);
    boolean intel = machine.equals("amd64") || machine.equals("x86_64");
    boolean arm = machine.equals("aarch64") || machine.equals("arm64");
    if (system.startsWith("linux") && (intel || arm)) {
      return "postgres-linux-" + (intel ? "x86_64" : "arm_64") + ".txz";
    }
    if (system.startsWith("mac") && arm) {
      return "postgres-darwin-arm_64.txz";
    }
    throw new EmbeddedPostgresException(
        "no PostgreSQL is embedded for "
            + os
            + " on "
            + arch
            + ": set TELESTEP_DATABASE_URL to a PostgreSQL 15 or newer",
        null);
  }

  private static String digest(String name) throws IOException {
    try (InputStream in = open(name)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static InputStream open(String name) {
    InputStream in = Binaries.class.getResourceAsStream("/" + name);
    if (in == null) {
      throw new EmbeddedPostgresException(
          "this build carries no "
              + name
              + ": set TELESTEP_DATABASE_URL to a PostgreSQL 15 or newer",
          null);
    }
    return in;
  }

  private static void extract(InputStream in, Path target) throws IOException {
    Files.createDirectories(target);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = entry.resolveIn(target);
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        FileTrees.createParents(path);
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.copy(target.resolve(entry.getLinkName()).normalize(), path);
        } else {
          Files.copy(tar, path);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }
}
