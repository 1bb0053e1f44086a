package dev.telestep.agent;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries in the journal's own encoding, read by {@link EntryDecoder}; reused for many.
 *
 * <p>{@code kind byte, time long, identity, flags byte, [step long], [row long], [severity byte,
 * severity text, scope], body value, [attributes]}. Texts are a variable-length count of bytes and
 * UTF-8; numbers of fixed length are big-endian.
 */
final class EntryEncoder {

  static final int HAS_STEP = 1;
  static final int HAS_ROW = 2;
  static final int OVERWRITE = 4;
  static final int SINGLE_VALUE = 8;
  static final int IS_LINE = 16;
  static final int HAS_ATTRIBUTES = 32;

  static final int EMPTY = 0;
  static final int TEXT = 1;
  static final int FALSE = 2;
  static final int TRUE = 3;
  static final int LONG = 4;
  static final int DOUBLE = 5;
  static final int BYTES = 6;
  static final int ARRAY = 7;
  static final int MAP = 8;

  /** Deeper values become empty ones: nobody logs them, and recursion must end. */
  static final int MAX_DEPTH = 16;

  private static final int INITIAL_BYTES = 512;
  private static final int KEPT_BYTES = 64 << 10;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Forgets what was written, and the room of a rare huge entry. */
  void reset() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  static byte[] encodeIdentity(RunIdentity run) {
    EntryEncoder encoder = new EntryEncoder();
    encoder.text(run.runId);
    encoder.text(run.attempt);
    encoder.one(run.rank == null ? 0 : 1);
    if (run.rank != null) {
      encoder.eight(run.rank);
    }
    return encoder.toByteArray();
  }

  static byte[] encode(Entry entry) {
    EntryEncoder encoder = new EntryEncoder();
    encoder.encode(entry, encodeIdentity(entry.run));
    return encoder.toByteArray();
  }

  void encode(Entry entry, byte[] identity) {
    head(entry.kind, entry.time, identity);
    if (entry.kind == Entry.Kind.LINE) {
      line(entry.severity, entry.severityText, entry.scope, !entry.attributes.isEmpty());
    } else {
      flags(entry.step, entry.row, entry.overwrite, entry.singleValue, !entry.attributes.isEmpty());
    }
    value(entry.body, 0);
    if (!entry.attributes.isEmpty()) {
      attributes(entry.attributes);
    }
  }

  void head(Entry.Kind kind, long time, byte[] identity) {
    reset();
    one(kind.code);
    eight(time);
    ensure(identity.length);
    System.arraycopy(identity, 0, bytes, length, identity.length);
    length += identity.length;
  }

  void flags(long step, long row, boolean overwrite, boolean singleValue, boolean hasAttributes) {
    one(
        (step == Entry.NONE ? 0 : HAS_STEP)
            | (row == Entry.NONE ? 0 : HAS_ROW)
            | (overwrite ? OVERWRITE : 0)
            | (singleValue ? SINGLE_VALUE : 0)
            | (hasAttributes ? HAS_ATTRIBUTES : 0));
    if (step != Entry.NONE) {
      eight(step);
    }
    if (row != Entry.NONE) {
      eight(row);
    }
  }

  void line(int severity, String severityText, String scope, boolean hasAttributes) {
    one(IS_LINE | (hasAttributes ? HAS_ATTRIBUTES : 0));
    one(severity);
    text(severityText);
    text(scope);
  }

  @SuppressWarnings("unchecked") // the type of a value says the class of what it holds
  void value(@Nullable Value<?> value, int depth) {
    if (value == null || depth > MAX_DEPTH) {
      one(EMPTY);
      return;
    }
    switch (value.getType()) {
      case STRING:
        one(TEXT);
        text((String) value.getValue());
        break;
      case BOOLEAN:
        one((Boolean) value.getValue() ? TRUE : FALSE);
        break;
      case LONG:
        one(LONG);
        eight((Long) value.getValue());
        break;
      case DOUBLE:
        one(DOUBLE);
        eight(Double.doubleToRawLongBits((Double) value.getValue()));
        break;
      case BYTES:
        ByteBuffer content = (ByteBuffer) value.getValue();
        one(BYTES);
        count(content.remaining());
        ensure(content.remaining());
        int size = content.remaining();
        content.duplicate().get(bytes, length, size);
        length += size;
        break;
      case ARRAY:
        List<Value<?>> elements = (List<Value<?>>) value.getValue();
        one(ARRAY);
        count(elements.size());
        for (Value<?> element : elements) {
          value(element, depth + 1);
        }
        break;
      case KEY_VALUE_LIST:
        List<KeyValue> entries = (List<KeyValue>) value.getValue();
        one(MAP);
        count(entries.size());
        for (int i = 0; i < entries.size(); i++) {
          text(entries.get(i).getKey());
          value(entries.get(i).getValue(), depth + 1);
        }
        break;
      default:
        one(EMPTY);
    }
  }

  void attributes(Attributes attributes) {
    count(attributes.size());
    attributes.forEach(this::attribute);
  }

  private void attribute(AttributeKey<?> key, Object value) {
    text(key.getKey());
    if (value instanceof String) {
      one(TEXT);
      text((String) value);
    } else if (value instanceof Long) {
      one(LONG);
      eight((Long) value);
    } else if (value instanceof Double) {
      one(DOUBLE);
      eight(Double.doubleToRawLongBits((Double) value));
    } else if (value instanceof Boolean) {
      one((Boolean) value ? TRUE : FALSE);
    } else {
      one(TEXT);
      text(value instanceof Value ? ((Value<?>) value).asString() : value.toString());
    }
  }

  private void text(String text) {
    int chars = text.length();
    ensure(chars + 5);
    int start = length;
    count(chars);
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length = start;
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        count(encoded.length);
        ensure(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
        return;
      }
      bytes[length++] = (byte) c;
    }
  }

  private void count(int count) {
    ensure(5);
    int rest = count;
    while (rest >= 0x80) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void one(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  private void eight(long value) {
    ensure(Long.BYTES);
    LONGS.set(bytes, length, value);
    length += Long.BYTES;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
