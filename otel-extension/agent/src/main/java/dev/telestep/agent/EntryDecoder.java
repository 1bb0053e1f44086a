package dev.telestep.agent;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link EntryEncoder} wrote. */
final class EntryDecoder {

  private final ByteBuffer in;

  EntryDecoder(byte[] payload) {
    this.in = ByteBuffer.wrap(payload);
  }

  /**
   * Reads an entry.
   *
   * @throws RuntimeException when the bytes are no entry
   */
  static Entry decode(byte[] payload) {
    return new EntryDecoder(payload).entry();
  }

  private Entry entry() {
    Entry.Kind kind = Entry.Kind.of(in.get());
    long time = in.getLong();
    String runId = text();
    String attempt = text();
    RunIdentity run = new RunIdentity(runId, attempt, in.get() == 0 ? null : in.getLong());
    int flags = in.get();
    long step = (flags & EntryEncoder.HAS_STEP) == 0 ? Entry.NONE : in.getLong();
    long row = (flags & EntryEncoder.HAS_ROW) == 0 ? Entry.NONE : in.getLong();
    boolean line = (flags & EntryEncoder.IS_LINE) != 0;
    int severity = line ? in.get() : 0;
    String severityText = line ? text() : "";
    String scope = line ? text() : "";
    Value<?> body = value();
    Attributes attributes =
        (flags & EntryEncoder.HAS_ATTRIBUTES) == 0 ? Attributes.empty() : attributes();
    return new Entry(
        kind,
        run,
        time,
        step,
        row,
        (flags & EntryEncoder.OVERWRITE) != 0,
        (flags & EntryEncoder.SINGLE_VALUE) != 0,
        severity,
        severityText,
        scope,
        body,
        attributes);
  }

  Attributes attributes() {
    AttributesBuilder attributes = Attributes.builder();
    int size = count();
    for (int i = 0; i < size; i++) {
      String name = text();
      int type = in.get();
      switch (type) {
        case EntryEncoder.LONG:
          attributes.put(name, in.getLong());
          break;
        case EntryEncoder.DOUBLE:
          attributes.put(name, in.getDouble());
          break;
        case EntryEncoder.TRUE:
        case EntryEncoder.FALSE:
          attributes.put(name, type == EntryEncoder.TRUE);
          break;
        default:
          attributes.put(name, text());
      }
    }
    return attributes.build();
  }

  private Value<?> value() {
    int type = in.get();
    switch (type) {
      case EntryEncoder.EMPTY:
        return Value.empty();
      case EntryEncoder.TEXT:
        return Value.of(text());
      case EntryEncoder.FALSE:
      case EntryEncoder.TRUE:
        return Value.of(type == EntryEncoder.TRUE);
      case EntryEncoder.LONG:
        return Value.of(in.getLong());
      case EntryEncoder.DOUBLE:
        return Value.of(in.getDouble());
      case EntryEncoder.BYTES:
        byte[] content = new byte[count()];
        in.get(content);
        return Value.of(content);
      case EntryEncoder.ARRAY:
        Value<?>[] elements = new Value<?>[count()];
        for (int i = 0; i < elements.length; i++) {
          elements[i] = value();
        }
        return Value.of(elements);
      case EntryEncoder.MAP:
        KeyValue[] entries = new KeyValue[count()];
        for (int i = 0; i < entries.length; i++) {
          entries[i] = KeyValue.of(text(), value());
        }
        return Value.of(entries);
      default:
        throw new IllegalArgumentException("unknown type of value in the journal: " + type);
    }
  }

  private String text() {
    int length = count();
    String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private int count() {
    int count = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      count |= (b & 0x7F) << shift;
      if (b >= 0) {
        return count;
      }
    }
  }
}
