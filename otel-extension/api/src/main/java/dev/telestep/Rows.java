package dev.telestep;

import static dev.telestep.LogOptions.NO_STEP;

import dev.telestep.semconv.TrainingMetrics;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one log call, checked and converted outside the run's lock: mostly one row; with
 * lists among them as many rows as the longest list has elements.
 */
final class Rows {

  private static final String SUPPORTED = "expected a number, text, a boolean or a list of numbers";

  private final Problems problems;
  private KeyValue[] scalars;
  private int scalarCount;
  private @Nullable List<KeyedList> lists;
  private int count;
  private long step = NO_STEP;
  private boolean stepRefused;

  private Rows(int capacity, Problems problems) {
    this.scalars = new KeyValue[capacity];
    this.problems = problems;
  }

  static Rows of(Map<String, ?> values, Problems problems) {
    Rows rows = new Rows(values.size(), problems);
    for (Map.Entry<String, ?> entry : values.entrySet()) {
      rows.add(entry.getKey(), entry.getValue());
    }
    return rows;
  }

  static Rows of(String key, @Nullable Object value, Problems problems) {
    Rows rows = new Rows(1, problems);
    rows.add(key, value);
    return rows;
  }

  /** Number of rows; 0 when no value could be recorded. */
  int count() {
    return count;
  }

  /** The step that stood among the values; {@link LogOptions#NO_STEP} when there was none. */
  long step() {
    return step;
  }

  /** Whether a step stood among the values that cannot be one, so that no row can be recorded. */
  boolean stepRefused() {
    return stepRefused;
  }

  /** The body of a row, by its position from 0. */
  Value<?> body(int row) {
    if (lists == null) {
      return Value.of(
          scalarCount == scalars.length ? scalars : Arrays.copyOf(scalars, scalarCount));
    }
    List<KeyValue> entries = new ArrayList<>();
    if (row == 0) {
      entries.addAll(Arrays.asList(scalars).subList(0, scalarCount));
    }
    for (KeyedList list : lists) {
      if (row < list.values.size()) {
        entries.add(KeyValue.of(list.key, list.values.get(row)));
      }
    }
    return Value.of(entries.toArray(new KeyValue[0]));
  }

  private void add(@Nullable String key, @Nullable Object value) {
    if (key == null || !Keys.isValid(key)) {
      problems.report(
          1,
          () ->
              key == null || key.isEmpty()
                  ? "a value without a key"
                  : "a key of more than " + Keys.MAX_KEY_BYTES + " bytes: " + key.substring(0, 40));
      return;
    }
    if (key.equals(TrainingMetrics.STEP_KEY)) {
      readStep(value);
      return;
    }
    Value<?> scalar = scalar(value);
    if (scalar != null) {
      if (scalarCount == scalars.length) {
        // A concurrent map may yield more entries than its size said.
        scalars = Arrays.copyOf(scalars, scalarCount * 2 + 1);
      }
      scalars[scalarCount++] = KeyValue.of(key, scalar);
      count = Math.max(count, 1);
    } else if (value instanceof List || (value != null && value.getClass().isArray())) {
      addList(key, value);
    } else {
      problems.report(1, () -> "the value of " + key + " is " + typeOf(value) + ": " + SUPPORTED);
    }
  }

  private void addList(String key, Object value) {
    List<?> elements = value instanceof List ? (List<?>) value : arrayElements(value);
    List<Value<?>> numbers = new ArrayList<>(elements.size());
    for (Object element : elements) {
      Value<?> number = element instanceof Number ? scalar(element) : null;
      if (number != null) {
        numbers.add(number);
      } else {
        problems.report(
            1, () -> "an element of the list " + key + " is " + typeOf(element) + ": " + SUPPORTED);
      }
    }
    if (numbers.isEmpty()) {
      problems.report(1, () -> "the list " + key + " holds no number");
      return;
    }
    if (lists == null) {
      lists = new ArrayList<>();
    }
    lists.add(new KeyedList(key, numbers));
    count = Math.max(count, numbers.size());
  }

  private void readStep(@Nullable Object value) {
    if (value instanceof Number) {
      double number = ((Number) value).doubleValue();
      long whole = ((Number) value).longValue();
      if (whole >= 0 && (double) whole == number) {
        step = whole;
        return;
      }
    }
    stepRefused = true;
    problems.report(
        1, () -> "the row's step must be a whole number that is not negative: " + value);
  }

  private static @Nullable Value<?> scalar(@Nullable Object value) {
    if (value instanceof Double) {
      return Value.of(((Double) value).doubleValue());
    }
    if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte) {
      return Value.of(((Number) value).longValue());
    }
    if (value instanceof Number) {
      return Value.of(((Number) value).doubleValue());
    }
    if (value instanceof Boolean) {
      return Value.of(((Boolean) value).booleanValue());
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return Value.of(value.toString());
    }
    return value instanceof Enum ? Value.of(((Enum<?>) value).name()) : null;
  }

  private static List<@Nullable Object> arrayElements(Object array) {
    List<@Nullable Object> elements = new ArrayList<>(Array.getLength(array));
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }

  private static String typeOf(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getName();
  }

  private static final class KeyedList {
    private final String key;
    private final List<Value<?>> values;

    KeyedList(String key, List<Value<?>> values) {
      this.key = key;
      this.values = values;
    }
  }
}
