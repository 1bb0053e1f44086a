package dev.telestep.collector;

import dev.telestep.otlp.Decoded;
import dev.telestep.otlp.Signal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** The collector's own counters; their names begin with {@code telestep.receiver}. */
final class CollectorMetrics {

  private static final String PREFIX = "telestep.receiver.";

  private static final Duration[] BUCKETS =
      LongStream.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  CollectorMetrics(MeterRegistry registry, AtomicLong inFlightBytes, AtomicLong inFlight) {
    this.registry = registry;
    registry.gauge(PREFIX + "in.flight.bytes", inFlightBytes);
    registry.gauge(PREFIX + "in.flight.requests", inFlight);
  }

  void received(Payload payload) {
    registry
        .counter(
            PREFIX + "bytes", "signal", payload.signal().id(), "transport", payload.transport())
        .increment(payload.body().length);
  }

  void decoded(Signal signal, Decoded decoded) {
    registry.counter(PREFIX + "points", "signal", signal.id()).increment((double) decoded.points());
    registry.counter(PREFIX + "rows", "signal", signal.id()).increment((double) decoded.rows());
    registry.counter(PREFIX + "log.lines").increment((double) decoded.logLines());
    registry
        .counter(PREFIX + "ignored", "signal", signal.id())
        .increment((double) decoded.ignored());
    decoded
        .reasons()
        .forEach(
            (reason, count) ->
                registry
                    .counter(PREFIX + "rejected", "signal", signal.id(), "reason", reason.id())
                    .increment((double) count));
  }

  /** Counts a finished request; {@code result} is {@code ok}, {@code partial} or a failure. */
  void answered(Payload payload, String result, long nanos) {
    registry
        .counter(
            PREFIX + "requests",
            "signal",
            payload.signal().id(),
            "transport",
            payload.transport(),
            "result",
            result)
        .increment();
    Timer.builder(PREFIX + "acknowledge")
        .tag("signal", payload.signal().id())
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }
}
