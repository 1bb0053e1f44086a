package dev.telestep.dashboards.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Grafana's form of a result: named fields of one length. */
record Frame(List<Field> fields) {

  /** What a panel can do with the values of a field. */
  enum Kind {
    NUMBER,
    TEXT,
    TIME,
    BOOLEAN,
    OTHER
  }

  /** A column; {@code name} is what field overrides see. */
  record Field(String name, Kind kind, List<@Nullable Object> values) {
    Field {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    Field named(String other) {
      return new Field(other, kind, values);
    }
  }

  Frame {
    fields = List.copyOf(fields);
  }

  /** As the data source makes it: a result without rows has no fields either. */
  static Frame of(QueryResult result) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < result.columns().size() && !result.rows().isEmpty(); i++) {
      QueryResult.Column column = result.columns().get(i);
      fields.add(new Field(column.name(), kind(column), result.values(i)));
    }
    return new Frame(fields);
  }

  int rows() {
    return fields.isEmpty() ? 0 : fields.get(0).values().size();
  }

  @Nullable Field field(String name) {
    return fields.stream().filter(f -> f.name().equals(name)).findFirst().orElse(null);
  }

  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  private static Kind kind(QueryResult.Column column) {
    if (column.isNumber()) {
      return Kind.NUMBER;
    }
    if (column.isTime()) {
      return Kind.TIME;
    }
    if (column.isText()) {
      return Kind.TEXT;
    }
    return column.type().equals("bool") ? Kind.BOOLEAN : Kind.OTHER;
  }
}
