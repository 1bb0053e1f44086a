package dev.telestep;

import java.nio.charset.StandardCharsets;

/** Limits of names on the wire. */
final class Keys {

  static final int MAX_KEY_BYTES = 512;
  static final int MAX_RUN_ID_BYTES = 256;

  private Keys() {}

  /** Whether a key can be recorded: not empty and at most 512 bytes of UTF-8. */
  static boolean isValid(String key) {
    return !key.isEmpty() && fits(key, MAX_KEY_BYTES);
  }

  static boolean fits(String text, int maxBytes) {
    // One char is at most three bytes of UTF-8, so short keys need no encoding.
    return text.length() * 3L <= maxBytes
        || (text.length() <= maxBytes && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes);
  }
}
