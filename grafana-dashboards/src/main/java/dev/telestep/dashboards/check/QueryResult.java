package dev.telestep.dashboards.check;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of PostgreSQL to a query.
 *
 * @param columns in order
 * @param rows values in the order of the columns; numbers are {@link Number}, times {@link
 *     java.time.Instant}, all else text or booleans
 */
public record QueryResult(List<Column> columns, List<List<@Nullable Object>> rows) {

  /** Name and PostgreSQL type of a column. */
  public record Column(String name, String type) {

    boolean isText() {
      return type.equals("text") || type.equals("varchar");
    }

    boolean isTime() {
      return type.equals("timestamptz");
    }

    boolean isNumber() {
      return type.equals("float8")
          || type.equals("float4")
          || type.equals("int8")
          || type.equals("int4")
          || type.equals("int2")
          || type.equals("numeric");
    }
  }

  public QueryResult {
    columns = List.copyOf(columns);
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }

  /** Reads a result set to its end. */
  public static QueryResult read(ResultSet results) throws SQLException {
    ResultSetMetaData meta = results.getMetaData();
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Column(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (results.next()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        Object value = results.getObject(i);
        row.add(value instanceof Timestamp time ? time.toInstant() : value);
      }
      rows.add(row);
    }
    return new QueryResult(columns, rows);
  }

  /** The values of a column from the first row to the last. */
  public List<@Nullable Object> values(int column) {
    List<@Nullable Object> values = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      values.add(row.get(column));
    }
    return values;
  }
}
