package dev.telestep.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an adapter brings to {@link RunStoreContract}. */
public interface StoreFixture extends AutoCloseable {

  RunWriter writer();

  RunReader reader();

  /** Another instance on the same data, as a second receiver would have. Closed by the fixture. */
  RunWriter anotherWriter();

  /** Closes everything and opens it again on the same data. */
  void restart();

  /** The points of a metric that are shown, by step, then time. */
  List<ShownPoint> points(String runId, String key);

  /** The points that a later attempt supersedes, by step, then time. */
  List<ShownPoint> superseded(String runId, String key);

  /** The texts of a key that are shown, by time. */
  List<ShownText> texts(String runId, String key);

  @Override
  void close();

  /** A number; {@code valueBits} are the raw bits of the double. */
  record ShownPoint(String attempt, @Nullable Long step, long time, long valueBits) {
    static ShownPoint of(String attempt, @Nullable Long step, long time, double value) {
      return new ShownPoint(attempt, step, time, Double.doubleToRawLongBits(value));
    }

    double value() {
      return Double.longBitsToDouble(valueBits);
    }
  }

  /** A text. */
  record ShownText(@Nullable Long step, long time, String value) {}
}
