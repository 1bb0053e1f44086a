package dev.telestep.store.postgres;

import dev.telestep.model.SeriesKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Short identities (SHA-256, cut to 128 bits) of what is too long for an index. */
final class Digests {

  private final MessageDigest sha;

  Digests() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  UUID series(SeriesKey key) {
    add(key.kind().name());
    add(key.key());
    key.attributes()
        .forEach(
            (name, value) -> {
              add(name);
              add(value);
            });
    return take();
  }

  UUID logLine(int severity, String stream, String body, int repetition) {
    sha.update(ByteBuffer.allocate(8).putInt(severity).putInt(repetition).flip());
    add(stream);
    add(body);
    return take();
  }

  /** With its length, so that no two lists of texts look alike. */
  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    sha.update(bytes);
  }

  private UUID take() {
    ByteBuffer digest = ByteBuffer.wrap(sha.digest());
    return new UUID(digest.getLong(), digest.getLong());
  }
}
