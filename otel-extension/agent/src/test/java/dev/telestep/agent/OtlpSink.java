package dev.telestep.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** A receiver over a real socket that keeps what it is sent. */
final class OtlpSink implements AutoCloseable {

  final List<Point> points = new CopyOnWriteArrayList<>();
  final List<Log> logs = new CopyOnWriteArrayList<>();
  final List<String> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService executor = Executors.newFixedThreadPool(2);

  /** Status for a request that carries these points. */
  private volatile ToIntFunction<List<Point>> answer = points -> 200;

  OtlpSink() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/v1/metrics", this::metrics);
    server.createContext("/v1/logs", this::logs);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answerWith(ToIntFunction<List<Point>> status) {
    answer = status;
  }

  List<Log> events(String name) {
    return logs.stream().filter(log -> log.event.equals(name)).collect(Collectors.toList());
  }

  List<Point> metric(String name) {
    return points.stream().filter(point -> point.metric.equals(name)).collect(Collectors.toList());
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private synchronized void metrics(HttpExchange exchange) throws IOException {
    List<Point> read = new ArrayList<>();
    for (ResourceMetrics resource :
        ExportMetricsServiceRequest.parseFrom(body(exchange)).getResourceMetricsList()) {
      Map<String, Object> attributes = map(resource.getResource().getAttributesList());
      resource
          .getScopeMetricsList()
          .forEach(
              scope -> scope.getMetricsList().forEach(metric -> read(metric, attributes, read)));
    }
    int status = answer.applyAsInt(read);
    if (status == 200) {
      points.addAll(read);
      requests.add("metrics");
    }
    reply(exchange, status);
  }

  private static void read(Metric metric, Map<String, Object> resource, List<Point> into) {
    for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
      into.add(
          new Point(
              metric.getName(),
              point.getTimeUnixNano(),
              point.getAsDouble(),
              map(point.getAttributesList()),
              resource));
    }
  }

  private synchronized void logs(HttpExchange exchange) throws IOException {
    List<Log> read = new ArrayList<>();
    ExportLogsServiceRequest.parseFrom(body(exchange))
        .getResourceLogsList()
        .forEach(
            resource ->
                resource
                    .getScopeLogsList()
                    .forEach(
                        scope ->
                            scope
                                .getLogRecordsList()
                                .forEach(
                                    log ->
                                        read.add(
                                            log(
                                                log,
                                                map(
                                                    resource
                                                        .getResource()
                                                        .getAttributesList()))))));
    int status = answer.applyAsInt(List.of());
    if (status == 200) {
      logs.addAll(read);
      requests.add(
          "logs "
              + read.stream().map(log -> log.event).distinct().collect(Collectors.joining(",")));
    }
    reply(exchange, status);
  }

  private static Log log(LogRecord log, Map<String, Object> resource) {
    return new Log(
        log.getEventName(),
        log.getTimeUnixNano(),
        log.getSeverityNumberValue(),
        value(log.getBody()),
        map(log.getAttributesList()),
        resource);
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    return exchange.getRequestBody().readAllBytes();
  }

  private static void reply(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static Map<String, Object> map(List<KeyValue> attributes) {
    Map<String, Object> map = new LinkedHashMap<>();
    attributes.forEach(attribute -> map.put(attribute.getKey(), value(attribute.getValue())));
    return map;
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(OtlpSink::value)
              .collect(Collectors.toList());
      case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList());
      default -> "";
    };
  }

  record Point(
      String metric,
      long time,
      double value,
      Map<String, Object> attributes,
      Map<String, Object> resource) {
    String text(String attribute) {
      return String.valueOf(attributes.get(attribute));
    }
  }

  record Log(
      String event,
      long time,
      int severity,
      Object body,
      Map<String, Object> attributes,
      Map<String, Object> resource) {
    Object item(String key) {
      return Objects.requireNonNull(((Map<?, ?>) body).get(key), key);
    }
  }
}
