package dev.telestep.otlp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Identities of requests, made of their bytes, so that a retry has the identity of the first. */
public final class RequestIds {

  private RequestIds() {}

  /** The first 128 bits of the SHA-256 of the signal's name and the body as it was decompressed. */
  public static UUID of(Signal signal, byte[] body) {
    MessageDigest digest = sha256();
    digest.update(signal.id().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(body));
    return new UUID(hash.getLong(), hash.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
