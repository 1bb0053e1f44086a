package dev.telestep.store.postgres;

/** Text as PostgreSQL can hold it. */
final class Texts {

  private Texts() {}

  /** Replaces what has no UTF-8 form or cannot be stored (U+0000) by U+FFFD. */
  static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return replace(text);
      }
    }
    return text;
  }

  private static String replace(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> clean.appendCodePoint(c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c));
    return clean.toString();
  }
}
