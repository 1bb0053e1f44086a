package dev.telestep.agent;

import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why an export failed. The SDK says it only by an internal exception, so its response is read by
 * reflection, and whatever cannot be read is an outage: trying again loses nothing.
 */
final class Failure {

  private static final Set<String> REFUSED =
      Set.of("400", "413", "422", "INVALID_ARGUMENT", "OUT_OF_RANGE");
  private static final String TOO_MUCH = "RESOURCE_EXHAUSTED";

  /** What to do about it. */
  enum Kind {
    /** The receiver is away or busy: the same again, later. */
    OUTAGE,
    /** It may be too much at once: in halves, later. */
    TOO_LARGE,
    /** The receiver will never take this. */
    REFUSED
  }

  final Kind kind;
  final String reason;

  private Failure(Kind kind, String reason) {
    this.kind = kind;
    this.reason = reason;
  }

  static Failure of(@Nullable Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String status = status(cause);
      if (status != null) {
        Kind kind =
            REFUSED.contains(status)
                ? Kind.REFUSED
                : status.equals(TOO_MUCH) ? Kind.TOO_LARGE : Kind.OUTAGE;
        return new Failure(kind, "the receiver answered " + status);
      }
    }
    return new Failure(Kind.OUTAGE, thrown == null ? "no answer in time" : String.valueOf(thrown));
  }

  private static @Nullable String status(Throwable thrown) {
    try {
      Object response = call(thrown, thrown.getClass(), "getResponse");
      if (response == null) {
        return null;
      }
      // The implementation is hidden, its interface is not.
      for (Class<?> type = response.getClass(); type != null; type = type.getSuperclass()) {
        for (Class<?> face : type.getInterfaces()) {
          Object status = call(response, face, "getStatusCode");
          if (status != null) {
            return status.toString();
          }
        }
      }
      return null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  private static @Nullable Object call(Object target, Class<?> type, String name)
      throws ReflectiveOperationException {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == 0) {
        return method.invoke(target);
      }
    }
    return null;
  }
}
