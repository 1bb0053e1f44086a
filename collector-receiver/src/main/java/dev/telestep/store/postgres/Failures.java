package dev.telestep.store.postgres;

import dev.telestep.store.StoreException;
import dev.telestep.store.StoreException.Reason;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What a failure of the database means for whoever asked. */
final class Failures {

  private Failures() {}

  /** Whether the database, and not what was asked of it, is at fault. */
  static boolean isOutage(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLTransientConnectionException) {
        return true;
      }
      if (t instanceof SQLException e && e.getSQLState() != null) {
        String state = e.getSQLState();
        // connection, credentials, resources, operator intervention, I/O error, read-only standby
        if (state.startsWith("08")
            || state.startsWith("28")
            || state.startsWith("53")
            || state.startsWith("57")
            || state.startsWith("58")
            || state.equals("25006")) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the same transaction may succeed when it is tried again. */
  static boolean isRetryable(Throwable failure) {
    return failure instanceof SQLException e
        && ("40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState()));
  }

  static StoreException toStoreException(String doing, Throwable failure) {
    return isOutage(failure) || isRetryable(failure)
        ? new StoreException(
            Reason.UNAVAILABLE, "the database is not available: " + reason(failure), failure)
        : new StoreException(Reason.INTERNAL, doing + " failed: " + reason(failure), failure);
  }

  /** One sentence: the message of the deepest cause that has one. */
  static String reason(Throwable failure) {
    String reason = failure.toString();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getMessage() != null) {
        reason = t.getMessage();
      }
    }
    return reason.lines().findFirst().orElse(reason);
  }
}
