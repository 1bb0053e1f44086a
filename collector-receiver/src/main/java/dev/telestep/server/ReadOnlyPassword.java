package dev.telestep.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The password of the read-only role of an embedded database for which none was set: made once and
 * kept beside the data, readable by its owner only, so that Grafana can be given it.
 */
final class ReadOnlyPassword {

  private static final int BYTES = 16;

  private ReadOnlyPassword() {}

  static Path file(Path dataDirectory) {
    return dataDirectory.toAbsolutePath().normalize().resolve("telestep_ro.password");
  }

  static String readOrMake(Path file) {
    try {
      if (!Files.exists(file)) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Files.createFile(file, ownerOnly());
        Files.writeString(file, HexFormat.of().formatHex(random));
      }
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new ServerStartException(
          "the password of telestep_ro cannot be kept in " + file + " (TELESTEP_DATA_DIR): " + e,
          e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
