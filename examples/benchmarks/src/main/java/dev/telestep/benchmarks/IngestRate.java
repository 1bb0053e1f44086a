package dev.telestep.benchmarks;

import com.linecorp.armeria.client.grpc.GrpcClients;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc.MetricsServiceFutureStub;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Acknowledged points per second through OTLP gRPC: a closed loop of clients, each waiting for the
 * acknowledgement of its request before it sends the next one. Requests hold the metrics encoding
 * as the extension sends it and are built before the clock starts.
 *
 * <p>Arguments: endpoint ({@code http://127.0.0.1:4317}), clients, requests per client, rows per
 * request, keys per row.
 */
final class IngestRate {

  private static final MethodDescriptor<byte[], ExportMetricsServiceResponse> EXPORT =
      MethodDescriptor.<byte[], ExportMetricsServiceResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MetricsServiceGrpc.getExportMethod().getFullMethodName())
          .setRequestMarshaller(new BytesMarshaller())
          .setResponseMarshaller(MetricsServiceGrpc.getExportMethod().getResponseMarshaller())
          .build();

  private IngestRate() {}

  public static void main(String[] args) throws InterruptedException {
    String endpoint = args[0];
    int clients = Integer.parseInt(args[1]);
    int requests = Integer.parseInt(args[2]);
    int rows = Integer.parseInt(args[3]);
    int keys = Integer.parseInt(args[4]);
    MetricsServiceFutureStub stub =
        GrpcClients.builder("gproto+" + endpoint)
            .responseTimeoutMillis(60_000)
            .build(MetricsServiceFutureStub.class);
    long start = System.currentTimeMillis() * 1_000_000L;
    // A first, smaller load warms both JVMs up.
    run(stub.getChannel(), clients, prepare(clients, requests / 4 + 1, rows, keys, start));
    List<BlockingQueue<byte[]>> work =
        prepare(clients, requests, rows, keys, start + 1_000_000_000L);
    long began = System.nanoTime();
    long[] latencies = run(stub.getChannel(), clients, work);
    double seconds = (System.nanoTime() - began) / 1e9;
    Arrays.sort(latencies);
    long points = (long) clients * requests * rows * keys;
    System.out.printf(
        Locale.ROOT,
        "%d clients x %d requests of %d rows x %d keys: %.0f acknowledged points/s,"
            + " latency p50 %.1f ms, p99 %.1f ms%n",
        clients,
        requests,
        rows,
        keys,
        (double) points / seconds,
        latencies[latencies.length / 2] / 1e6,
        latencies[(int) (latencies.length * 0.99)] / 1e6);
  }

  private static List<BlockingQueue<byte[]>> prepare(
      int clients, int requests, int rows, int keys, long startNanos) {
    List<BlockingQueue<byte[]>> work = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(requests);
      String run = "ingest-" + startNanos + '-' + client;
      for (int request = 0; request < requests; request++) {
        queue.add(request(run, (long) request * rows, rows, keys, startNanos).toByteArray());
      }
      work.add(queue);
    }
    return work;
  }

  private static ExportMetricsServiceRequest request(
      String run, long firstStep, int rows, int keys, long startNanos) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int row = 0; row < rows; row++) {
      long step = firstStep + row;
      long time = startNanos + step * 1_000;
      gauge.addDataPoints(point(run, "step", time, (double) step));
      for (int key = 0; key < keys; key++) {
        gauge.addDataPoints(point(run, "metric" + key, time, Math.sin((double) step * (key + 1))));
      }
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(
                            Metric.newBuilder().setName("training.metric").setGauge(gauge))))
        .build();
  }

  private static NumberDataPoint point(String run, String key, long time, double value) {
    return NumberDataPoint.newBuilder()
        .setTimeUnixNano(time)
        .setAsDouble(value)
        .addAttributes(attribute("training.run.id", run))
        .addAttributes(attribute("training.run.attempt", "1"))
        .addAttributes(attribute("training.metric.key", key))
        .build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static long[] run(Channel channel, int clients, List<BlockingQueue<byte[]>> work)
      throws InterruptedException {
    ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      BlockingQueue<byte[]> queue = work.get(client);
      Thread thread =
          new Thread(
              () -> {
                byte[] request;
                while (failures.isEmpty() && (request = queue.poll()) != null) {
                  long sent = System.nanoTime();
                  try {
                    ClientCalls.blockingUnaryCall(channel, EXPORT, CallOptions.DEFAULT, request);
                  } catch (RuntimeException e) {
                    failures.add(e);
                    return;
                  }
                  latencies.add(System.nanoTime() - sent);
                }
              },
              "client-" + client);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a request was not acknowledged", failures.peek());
    }
    return latencies.stream().mapToLong(Long::longValue).toArray();
  }

  /** Sends bytes that are a serialized message already. */
  private static final class BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
