package dev.telestep.otlp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads attributes and {@link AnyValue}s. */
final class Values {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PLAIN_FROM = 1e-6;
  private static final double PLAIN_BELOW = 1e15;

  private Values() {}

  /** The attribute of that name; null when it is absent. */
  static @Nullable AnyValue find(List<KeyValue> attributes, String name) {
    for (KeyValue attribute : attributes) {
      if (attribute.getKey().equals(name)) {
        return attribute.getValue();
      }
    }
    return null;
  }

  /** The attribute of that name as text; null when it is absent or empty. */
  static @Nullable String findText(List<KeyValue> attributes, String name) {
    AnyValue value = find(attributes, name);
    return value == null ? null : emptyToNull(text(value));
  }

  static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Any value as text: numbers in their shortest form, lists and maps as JSON, nothing as "". */
  static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> text(value.getDoubleValue());
      case ARRAY_VALUE, KVLIST_VALUE -> json(value);
      case BYTES_VALUE -> Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
      default -> "";
    };
  }

  /** 1.0E-4 as 0.0001 and 3.0 as 3: people compare such texts. */
  static String text(double value) {
    double size = Math.abs(value);
    if (value == 0 || !(size >= PLAIN_FROM && size < PLAIN_BELOW)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Whether the value is a number. */
  static boolean isNumber(AnyValue value) {
    return value.hasDoubleValue() || value.hasIntValue();
  }

  /** The number in a value of which {@link #isNumber} is true. */
  static double number(AnyValue value) {
    return value.hasDoubleValue() ? value.getDoubleValue() : (double) value.getIntValue();
  }

  static boolean isTrue(AnyValue value) {
    return value.getBoolValue() || "true".equals(value.getStringValue());
  }

  /** What kind of value it is, for messages. */
  static String kind(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> "text";
      case BOOL_VALUE -> "a boolean";
      case INT_VALUE, DOUBLE_VALUE -> "a number";
      case ARRAY_VALUE -> "a list";
      case KVLIST_VALUE -> "a map";
      case BYTES_VALUE -> "bytes";
      default -> "nothing";
    };
  }

  private static String json(AnyValue value) {
    try {
      return JSON.writeValueAsString(plain(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written as JSON", e);
    }
  }

  private static @Nullable Object plain(AnyValue value) {
    return switch (value.getValueCase()) {
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE -> {
        List<@Nullable Object> items = new ArrayList<>();
        value.getArrayValue().getValuesList().forEach(item -> items.add(plain(item)));
        yield items;
      }
      case KVLIST_VALUE -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        value
            .getKvlistValue()
            .getValuesList()
            .forEach(entry -> entries.put(entry.getKey(), plain(entry.getValue())));
        yield entries;
      }
      case STRING_VALUE, BYTES_VALUE -> text(value);
      default -> null;
    };
  }
}
