package dev.telestep.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import dev.telestep.model.RunRecord;
import dev.telestep.store.StoreException;
import io.micrometer.core.instrument.Counter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OTLP over HTTP through real sockets: what is right and what is broken. */
class OtlpHttpTest {

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void reset() {
    server.store.reset();
  }

  /** Every test ends by proving that the server lives on. */
  @AfterEach
  void serverStillTakesRequests() throws Exception {
    server.store.reset();
    byte[] good = Requests.metric("after", "loss", 1, 1).toByteArray();
    assertThat(post("/v1/metrics", PROTOBUF, good).statusCode()).isEqualTo(200);
  }

  @Test
  void protobuf_isStoredAndAnsweredInProtobuf() throws Exception {
    ExportMetricsServiceRequest request = Requests.metric("r1", "loss", 3, 0.5);

    HttpResponse<byte[]> response = post("/v1/metrics", PROTOBUF, request.toByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
    assertThat(ExportMetricsServiceResponse.parseFrom(response.body()))
        .isEqualTo(ExportMetricsServiceResponse.getDefaultInstance());
    assertStored("loss", 3, 0.5);
  }

  @Test
  void json_isStoredAndAnsweredInJson() throws Exception {
    String request =
        """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"training.metrics",
        "timeUnixNano":1700000000000000000,"traceId":"5B8EFFF798038103D269B633813FC60C",
        "severityNumber":9,"notInOtlp":{"a":[1]},
        "attributes":[{"key":"training.run.id","value":{"stringValue":"r1"}},
          {"key":"training.step","value":{"intValue":"3"}}],
        "body":{"kvlistValue":{"values":[{"key":"loss","value":{"doubleValue":0.5}}]}}}]}]}]}
        """;

    HttpResponse<byte[]> response =
        post("/v1/logs", JSON + "; charset=utf-8", request.getBytes(UTF_8));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith(JSON);
    assertThat(text(response)).isEqualTo("{}");
    assertStored("loss", 3, 0.5);
  }

  @Test
  void gzip_isUnpacked() throws Exception {
    byte[] body = gzip(Requests.metric("r1", "loss", 3, 0.5).toByteArray());

    HttpResponse<byte[]> response = post("/v1/metrics", PROTOBUF, body, "Content-Encoding", "gzip");

    assertThat(response.statusCode()).isEqualTo(200);
    assertStored("loss", 3, 0.5);
  }

  @Test
  void sameBytes_haveTheSameRequestIdHoweverTheyAreCompressed() throws Exception {
    byte[] body = Requests.metric("r1", "loss", 3, 0.5).toByteArray();
    post("/v1/metrics", PROTOBUF, body);
    post("/v1/metrics", PROTOBUF, gzip(body), "Content-Encoding", "gzip");
    post("/v1/metrics", PROTOBUF, Requests.metric("r1", "loss", 4, 0.5).toByteArray());

    assertThat(server.store.written.get(0).requestId())
        .isEqualTo(server.store.written.get(1).requestId())
        .isNotEqualTo(server.store.written.get(2).requestId());
  }

  @Test
  void rejectedPoints_areNamedInThePartialSuccess() throws Exception {
    byte[] body = Requests.metric("r1", "loss", -3, 0.5).toByteArray();

    HttpResponse<byte[]> response = post("/v1/metrics", PROTOBUF, body);

    assertThat(response.statusCode()).isEqualTo(200);
    ExportMetricsServiceResponse answer = ExportMetricsServiceResponse.parseFrom(response.body());
    assertThat(answer.getPartialSuccess().getRejectedDataPoints()).isEqualTo(2);
    assertThat(answer.getPartialSuccess().getErrorMessage())
        .contains("step must not be negative: -3.0");
    assertThat(server.registry.scrape())
        .contains("telestep_receiver_rejected_total{reason=\"negative_step\",signal=\"metrics\"}");
  }

  @Test
  void request_isNotAcknowledgedBeforeItIsDurable() throws Exception {
    CompletableFuture<Void> commit = new CompletableFuture<>();
    server.store.answer = () -> commit;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.httpUrl() + "/v1/metrics"))
            .header("Content-Type", PROTOBUF)
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    Requests.metric("r1", "loss", 3, 0.5).toByteArray()))
            .build();

    CompletableFuture<HttpResponse<byte[]>> response =
        CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    await().until(() -> server.store.written.size() == 1);

    assertThat(response).isNotDone();
    commit.complete(null);
    assertThat(response.get().statusCode()).isEqualTo(200);
  }

  @Test
  void fullQueue_is429WithRetryAfter() throws Exception {
    fail(StoreException.Reason.BUSY, "the queue is full");

    HttpResponse<byte[]> response =
        post("/v1/metrics", PROTOBUF, Requests.metric("r1", "loss", 3, 0.5).toByteArray());

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(Status.parseFrom(response.body()).getMessage()).isEqualTo("the queue is full");
  }

  @Test
  void databaseDown_is503WithRetryAfter() throws Exception {
    fail(StoreException.Reason.UNAVAILABLE, "the database cannot be reached");

    HttpResponse<byte[]> response = post("/v1/logs", JSON, logLine());

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(text(response)).contains("\"the database cannot be reached\"", "RetryInfo");
  }

  @Test
  void poison_is500() throws Exception {
    fail(StoreException.Reason.INTERNAL, "value out of range");

    assertThat(post("/v1/logs", JSON, logLine()).statusCode()).isEqualTo(500);
  }

  @Test
  void tooManyBytesUnderWay_is429() throws Exception {
    CompletableFuture<Void> commit = new CompletableFuture<>();
    server.store.answer = () -> commit;
    byte[] large = Requests.line("r1", "x".repeat(99_000)).toByteArray();
    List<CompletableFuture<HttpResponse<byte[]>>> waiting =
        List.of(postLater(large), postLater(large), postLater(large));
    await().until(() -> server.store.written.size() == 3);

    HttpResponse<byte[]> response = post("/v1/logs", PROTOBUF, large);

    assertThat(response.statusCode()).isEqualTo(429);
    commit.complete(null);
    assertThat(waiting).allSatisfy(w -> assertThat(w.join().statusCode()).isEqualTo(200));
  }

  @Test
  void truncatedProtobuf_is400WithAStatusInProtobuf() throws Exception {
    byte[] whole = Requests.metric("r1", "loss", 3, 0.5).toByteArray();

    HttpResponse<byte[]> response =
        post("/v1/metrics", PROTOBUF, Arrays.copyOf(whole, whole.length - 5));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
    assertThat(Status.parseFrom(response.body()).getMessage())
        .contains("no ExportMetricsServiceRequest in PROTOBUF");
  }

  @Test
  void brokenJson_is400WithAStatusInJson() throws Exception {
    HttpResponse<byte[]> response = post("/v1/logs", JSON, "{\"resourceLogs\":[{".getBytes(UTF_8));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("\"code\":3", "no ExportLogsServiceRequest in JSON");
  }

  @Test
  void wrongContentType_is415() throws Exception {
    HttpResponse<byte[]> response = post("/v1/metrics", "text/plain", "loss 1".getBytes(UTF_8));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(text(response)).contains("application/x-protobuf or application/json: text/plain");
  }

  @Test
  void unknownContentEncoding_is400() throws Exception {
    HttpResponse<byte[]> response =
        post("/v1/metrics", PROTOBUF, new byte[10], "Content-Encoding", "zstd");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Status.parseFrom(response.body()).getMessage()).contains("gzip or absent: zstd");
  }

  @Test
  void brokenGzip_is400() throws Exception {
    byte[] whole = gzip(Requests.metric("r1", "loss", 3, 0.5).toByteArray());
    byte[] cut = Arrays.copyOf(whole, whole.length - 10);

    HttpResponse<byte[]> response = post("/v1/metrics", PROTOBUF, cut, "Content-Encoding", "gzip");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Status.parseFrom(response.body()).getMessage()).contains("no complete gzip stream");
  }

  @Test
  void oversizedBody_is413() throws Exception {
    for (int size : new int[] {TestServer.MAX_REQUEST_BYTES + 1, 5_000_000}) {
      HttpResponse<byte[]> response = post("/v1/metrics", PROTOBUF, new byte[size]);

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(Status.parseFrom(response.body()).getMessage())
          .contains("larger than 100000 bytes", "TELESTEP_MAX_REQUEST_BYTES");
    }
  }

  @Test
  void gzipBomb_is413WithoutBeingUnpacked() throws Exception {
    byte[] bomb = gzip(new byte[50_000_000]);
    assertThat(bomb).hasSizeLessThan(TestServer.MAX_REQUEST_BYTES);

    HttpResponse<byte[]> response = post("/v1/metrics", PROTOBUF, bomb, "Content-Encoding", "gzip");

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void unknownPath_is404() throws Exception {
    HttpResponse<byte[]> response = post("/v1/traces", PROTOBUF, new byte[0]);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Status.parseFrom(response.body()).getMessage())
        .contains("/v1/traces", "/v1/metrics and /v1/logs");
  }

  @Test
  void otherMethod_is405() throws Exception {
    HttpResponse<byte[]> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(server.httpUrl() + "/v1/metrics")).GET().build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(text(response)).contains("GET is not allowed at /v1/metrics");
  }

  @Test
  void noHttpAtAll_doesNotHarmTheServer() throws Exception {
    URI address = URI.create(server.httpUrl());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.getOutputStream().write("\0\1\2 nonsense\r\n\r\n".getBytes(UTF_8));
      socket.getOutputStream().flush();
      assertThat(socket.getInputStream().readAllBytes()).isNotNull();
    }
  }

  @Test
  void health_saysWhyTheStoreCannotBeUsed() throws Exception {
    assertThat(text(get("/health"))).isEqualTo("{\"status\":\"ok\"}");
    server.store.down = "connection refused";

    HttpResponse<byte[]> response = get("/health");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(text(response))
        .isEqualTo("{\"status\":\"unavailable\",\"reason\":\"connection refused\"}");
  }

  @Test
  void metrics_countWhatHappened() throws Exception {
    double points = count("telestep.receiver.points");
    double malformed = count("telestep.receiver.requests", "result", "malformed");
    post("/v1/metrics", PROTOBUF, Requests.metric("r1", "loss", 3, 0.5).toByteArray());
    post("/v1/metrics", PROTOBUF, new byte[] {1});

    String text = text(get("/metrics"));

    assertThat(text)
        .contains(
            "telestep_receiver_points_total{signal=\"metrics\"}",
            "telestep_receiver_in_flight_bytes 0.0",
            "telestep_receiver_acknowledge_seconds_count{signal=\"metrics\"}");
    assertThat(count("telestep.receiver.points")).isEqualTo(points + 1);
    assertThat(count("telestep.receiver.requests", "result", "malformed")).isEqualTo(malformed + 1);
  }

  private void assertStored(String key, long step, double value) {
    assertThat(server.store.written).hasSize(1);
    List<RunRecord> records = server.store.written.get(0).runs().get(0).records();
    assertThat(records)
        .filteredOn(RunRecord.Numbers.class::isInstance)
        .map(RunRecord.Numbers.class::cast)
        .singleElement()
        .satisfies(
            numbers -> {
              assertThat(numbers.series().key()).isEqualTo(key);
              assertThat(numbers.steps()).containsExactly(step);
              assertThat(numbers.times()).containsExactly(1_700_000_000_000_000_000L);
              assertThat(numbers.values()).containsExactly(value);
            });
  }

  private void fail(StoreException.Reason reason, String message) {
    server.store.answer =
        () -> CompletableFuture.failedFuture(new StoreException(reason, message, null));
  }

  private CompletableFuture<HttpResponse<byte[]>> postLater(byte[] body) {
    return CLIENT.sendAsync(
        HttpRequest.newBuilder(URI.create(server.httpUrl() + "/v1/logs"))
            .header("Content-Type", PROTOBUF)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(server.httpUrl() + path)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post(String path, String contentType, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.httpUrl() + path))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static double count(String name, String... tags) {
    return server.registry.find(name).tag("signal", "metrics").tags(tags).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static byte[] logLine() {
    return """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":
        {"stringValue":"hello"},"attributes":[{"key":"training.run.id","value":
        {"stringValue":"r1"}}]}]}]}]}
        """
        .getBytes(UTF_8);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    }
    return bytes.toByteArray();
  }
}
