package dev.telestep.store.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into one statement that reads them with {@code unnest}: a statement of a fixed
 * text takes any number of rows.
 */
final class Rows {

  private final String[] types;
  private final List<List<@Nullable Object>> columns = new ArrayList<>();

  /** The element types of the columns, in the order of the statement's parameters. */
  Rows(String... types) {
    this.types = types;
    for (int i = 0; i < types.length; i++) {
      columns.add(new ArrayList<>());
    }
  }

  void add(@Nullable Object... values) {
    if (values.length != types.length) {
      throw new IllegalArgumentException(
          values.length + " values for " + types.length + " columns");
    }
    for (int i = 0; i < values.length; i++) {
      columns.get(i).add(values[i]);
    }
  }

  boolean isEmpty() {
    return columns.get(0).isEmpty();
  }

  int size() {
    return columns.get(0).size();
  }

  /** Binds the columns as the first parameters. */
  void bind(Connection connection, PreparedStatement statement) throws SQLException {
    for (int i = 0; i < types.length; i++) {
      Array array = connection.createArrayOf(types[i], columns.get(i).toArray());
      statement.setArray(i + 1, array);
    }
  }

  /** Runs a statement on the rows unless there are none. */
  void execute(Connection connection, String sql) throws SQLException {
    if (isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement);
      statement.executeUpdate();
    }
  }
}
