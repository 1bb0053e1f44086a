package dev.telestep.collector;

import dev.telestep.collector.CollectorException.Kind;
import dev.telestep.otlp.Decoded;
import dev.telestep.store.RunWriter;
import dev.telestep.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from every transport: unpacks them, decodes them, has them stored, and says what
 * became of them once they are durable.
 *
 * <p>Never blocks its caller. What is under way is bounded by bytes; beyond that a request is
 * refused as {@link Kind#BUSY} before any work is done for it.
 */
public final class Collector implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Collector.class);

  /** So that empty requests are bounded too. */
  private static final int MIN_WEIGHT = 1024;

  private final RunWriter writer;
  private final Limits limits;
  private final InstantSource clock;
  private final AtomicLong inFlightBytes = new AtomicLong();
  private final AtomicLong inFlight = new AtomicLong();
  private final CollectorMetrics metrics;
  private final ExecutorService decoders;

  public Collector(RunWriter writer, Limits limits, MeterRegistry registry, InstantSource clock) {
    this.writer = writer;
    this.limits = limits;
    this.clock = clock;
    this.metrics = new CollectorMetrics(registry, inFlightBytes, inFlight);
    AtomicInteger number = new AtomicInteger();
    this.decoders =
        Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            task -> {
              Thread thread = new Thread(task, "telestep-decode-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes a request.
   *
   * @return completes when everything accepted is durable; fails with {@link CollectorException}
   *     and nothing else
   */
  public CompletableFuture<Receipt> accept(Payload payload) {
    long start = System.nanoTime();
    metrics.received(payload);
    inFlight.incrementAndGet();
    Reservation reservation = new Reservation();
    CompletableFuture<Receipt> answer = new CompletableFuture<>();
    CompletableFuture<?> unused =
        begin(payload, reservation)
            .whenComplete(
                (receipt, failure) -> {
                  reservation.release();
                  inFlight.decrementAndGet();
                  finish(payload, start, answer, receipt, failure);
                });
    return answer;
  }

  /** Stops taking requests; those under way are decoded, and the writer finishes them. */
  @Override
  public void close() {
    decoders.shutdown();
  }

  private CompletableFuture<Receipt> begin(Payload payload, Reservation reservation) {
    try {
      if (payload.body().length > limits.maxRequestBytes()) {
        throw Unpacking.tooLarge(limits.maxRequestBytes());
      }
      reservation.add(Math.max(MIN_WEIGHT, payload.body().length));
      return CompletableFuture.supplyAsync(() -> decode(payload, reservation), decoders)
          .thenCompose(this::store);
    } catch (CollectorException e) {
      return CompletableFuture.failedFuture(e);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(
          new CollectorException(Kind.UNAVAILABLE, "the receiver is shutting down", closed));
    }
  }

  private Decoded decode(Payload payload, Reservation reservation) {
    byte[] body = payload.body();
    if (payload.gzip()) {
      body = Unpacking.gunzip(body, limits.maxRequestBytes());
      reservation.add(body.length);
    }
    Instant now = clock.instant();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    Decoded decoded = Unpacking.decode(payload, body, nanos);
    metrics.decoded(payload.signal(), decoded);
    return decoded;
  }

  private CompletableFuture<Receipt> store(Decoded decoded) {
    Receipt receipt = new Receipt(decoded.rejected(), decoded.message());
    return decoded.request().runs().isEmpty()
        ? CompletableFuture.completedFuture(receipt)
        : writer.write(decoded.request()).thenApply(stored -> receipt);
  }

  private void finish(
      Payload payload,
      long start,
      CompletableFuture<Receipt> answer,
      @Nullable Receipt receipt,
      @Nullable Throwable failure) {
    long nanos = System.nanoTime() - start;
    if (failure != null || receipt == null) {
      CollectorException known = known(failure);
      metrics.answered(payload, known.kind().id(), nanos);
      answer.completeExceptionally(known);
    } else {
      metrics.answered(payload, receipt.rejected() == 0 ? "ok" : "partial", nanos);
      answer.complete(receipt);
    }
  }

  private static CollectorException known(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof CollectorException known) {
      return known;
    }
    if (cause instanceof StoreException store) {
      String message = store.getMessage() == null ? "the store failed" : store.getMessage();
      return new CollectorException(
          switch (store.reason()) {
            case BUSY -> Kind.BUSY;
            case UNAVAILABLE -> Kind.UNAVAILABLE;
            case INTERNAL -> Kind.INTERNAL;
          },
          message,
          store);
    }
    logger.error("a request failed for a reason that should not exist", cause);
    return new CollectorException(
        Kind.INTERNAL, "internal error; the receiver's log has the details", cause);
  }

  /**
   * How much is taken.
   *
   * @param maxRequestBytes size of one request after decompression
   * @param maxInFlightBytes size of all requests that are under way
   */
  public record Limits(int maxRequestBytes, long maxInFlightBytes) {}

  /** The bytes that one request holds of those allowed in flight. */
  private final class Reservation {
    private final AtomicLong held = new AtomicLong();

    void add(long bytes) {
      if (inFlightBytes.addAndGet(bytes) > limits.maxInFlightBytes()) {
        inFlightBytes.addAndGet(-bytes);
        throw new CollectorException(
            Kind.BUSY,
            "too many bytes are under way (at most "
                + limits.maxInFlightBytes()
                + "); try again later",
            null);
      }
      held.addAndGet(bytes);
    }

    void release() {
      inFlightBytes.addAndGet(-held.getAndSet(0));
    }
  }
}
