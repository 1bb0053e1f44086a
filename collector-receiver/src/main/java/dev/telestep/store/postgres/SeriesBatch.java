package dev.telestep.store.postgres;

import dev.telestep.model.RunRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** What one commit says about one series. */
final class SeriesBatch {

  private @Nullable Long resetNanos;
  private final Map<Integer, PointBuffer> stepped = new TreeMap<>();
  private final Map<Integer, PointBuffer> free = new TreeMap<>();
  private final Map<TextId, String> texts = new LinkedHashMap<>();

  /** Identity and time of a text; {@code step} may be {@link RunRecord#NO_STEP}. */
  record TextId(int attempt, long step, long time) {}

  void numbers(int attempt, RunRecord.Numbers numbers) {
    for (int i = 0; i < numbers.times().length; i++) {
      long step = numbers.steps()[i];
      Map<Integer, PointBuffer> buffers = step == RunRecord.NO_STEP ? free : stepped;
      buffers
          .computeIfAbsent(attempt, a -> new PointBuffer(step != RunRecord.NO_STEP))
          .add(step, numbers.times()[i], numbers.values()[i]);
    }
  }

  void text(int attempt, RunRecord.Text text) {
    texts.put(new TextId(attempt, text.step(), text.time()), Texts.clean(text.value()));
  }

  void reset(long time) {
    resetNanos = resetNanos == null ? time : Math.max(resetNanos, time);
  }

  @Nullable Long resetNanos() {
    return resetNanos;
  }

  Map<TextId, String> texts() {
    return texts;
  }

  void forEachPoints(ObjIntConsumer<Points> consumer) {
    for (Map<Integer, PointBuffer> buffers : List.of(stepped, free)) {
      buffers.forEach(
          (attempt, buffer) -> {
            Points points = buffer.build();
            if (points != null) {
              consumer.accept(points, attempt);
            }
          });
    }
  }
}
