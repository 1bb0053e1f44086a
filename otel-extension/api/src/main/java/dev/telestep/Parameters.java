package dev.telestep;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters, checked and converted: numbers, booleans and text as they are; enums, lists, arrays
 * and values of the JDK ({@code Duration}, {@code Path}, …) as their text; maps and records inside
 * flattened to {@code outer.inner}.
 */
final class Parameters {

  private static final int MAX_DEPTH = 8;

  private final Problems problems;
  private final Map<String, Value<?>> values = new LinkedHashMap<>();

  Parameters(Problems problems) {
    this.problems = problems;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  Value<?> toValue() {
    List<KeyValue> entries = new ArrayList<>(values.size());
    values.forEach((name, value) -> entries.add(KeyValue.of(name, value)));
    return Value.of(entries.toArray(new KeyValue[0]));
  }

  void addAll(Map<?, ?> parameters) {
    addMap("", parameters, 0);
  }

  /**
   * Adds the components of a record, or the entries of a map; anything else is counted and said.
   */
  void addRecord(@Nullable Object object) {
    if (object instanceof Map) {
      addAll((Map<?, ?>) object);
      return;
    }
    if (object == null || !isRecord(object.getClass())) {
      problems.report(1, () -> "parameters must be a map or a record: " + typeOf(object));
      return;
    }
    addComponents("", object, 0);
  }

  void add(@Nullable String name, @Nullable Object value) {
    add(name, value, 0);
  }

  private void add(@Nullable String name, @Nullable Object value, int depth) {
    if (name == null || !Keys.isValid(name)) {
      problems.report(
          1, () -> "the name of a parameter must have 1 to " + Keys.MAX_KEY_BYTES + " bytes");
    } else if (value instanceof Map && depth < MAX_DEPTH) {
      addMap(name + ".", (Map<?, ?>) value, depth + 1);
    } else if (value != null && isRecord(value.getClass()) && depth < MAX_DEPTH) {
      addComponents(name + ".", value, depth + 1);
    } else {
      Value<?> converted = convert(value);
      if (converted != null) {
        values.put(name, converted);
      } else {
        problems.report(
            1,
            () ->
                "the parameter "
                    + name
                    + " is "
                    + typeOf(value)
                    + ": expected a number, text, a boolean, a list, a map or a record");
      }
    }
  }

  private void addMap(String prefix, Map<?, ?> map, int depth) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object name = entry.getKey();
      add(name == null ? null : prefix + name, entry.getValue(), depth);
    }
  }

  // Records are read by reflection: this code also runs on Java 11, which has none.
  private void addComponents(String prefix, Object object, int depth) {
    try {
      Object[] components =
          (Object[]) Class.class.getMethod("getRecordComponents").invoke(object.getClass());
      for (Object component : components) {
        Class<? extends AnnotatedElement> type =
            component.getClass().asSubclass(AnnotatedElement.class);
        String name = (String) type.getMethod("getName").invoke(component);
        Method accessor = (Method) type.getMethod("getAccessor").invoke(component);
        ((AccessibleObject) accessor).setAccessible(true);
        add(prefix + name, accessor.invoke(object), depth);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      problems.report(1, () -> "the record " + typeOf(object) + " cannot be read: " + e);
    }
  }

  private static boolean isRecord(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return parent != null && parent.getName().equals("java.lang.Record");
  }

  private static @Nullable Value<?> convert(@Nullable Object value) {
    if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte) {
      return Value.of(((Number) value).longValue());
    }
    if (value instanceof Double) {
      return Value.of(((Double) value).doubleValue());
    }
    if (value instanceof Boolean) {
      return Value.of(((Boolean) value).booleanValue());
    }
    String text = text(value, 0);
    return text == null ? null : Value.of(text);
  }

  private static @Nullable String text(@Nullable Object value, int depth) {
    if (value == null || depth > MAX_DEPTH) {
      return null;
    }
    if (value instanceof Enum) {
      return ((Enum<?>) value).name();
    }
    if (value instanceof Collection) {
      return listText(new ArrayList<>((Collection<?>) value), depth);
    }
    if (value.getClass().isArray()) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        elements.add(Array.get(value, i));
      }
      return listText(elements, depth);
    }
    // Text of a class of the JDK means something; that of others is mostly Name@1f2e3d.
    boolean known =
        value instanceof CharSequence
            || value instanceof Number
            || (value.getClass() != Object.class && value.getClass().getName().startsWith("java."))
            || value instanceof Path;
    return known ? value.toString() : null;
  }

  private static @Nullable String listText(List<?> elements, int depth) {
    List<String> texts = new ArrayList<>(elements.size());
    for (Object element : elements) {
      String text = element == null ? "null" : text(element, depth + 1);
      if (text == null) {
        return null;
      }
      texts.add(text);
    }
    return texts.toString();
  }

  private static String typeOf(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getName();
  }
}
