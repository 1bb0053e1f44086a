package dev.telestep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.RetryInfo;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.telestep.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OTLP over gRPC through real sockets: what is right and what is broken. */
class OtlpGrpcTest {

  private static TestServer server;
  private static MetricsServiceGrpc.MetricsServiceBlockingStub metrics;

  @BeforeAll
  static void start() {
    server = new TestServer();
    metrics =
        GrpcClients.newClient(
            "gproto+" + server.grpcUrl(), MetricsServiceGrpc.MetricsServiceBlockingStub.class);
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
  void serverStillTakesRequests() {
    server.store.reset();
    assertThat(metrics.export(Requests.metric("after", "loss", 1, 1)))
        .isEqualTo(ExportMetricsServiceResponse.getDefaultInstance());
  }

  @Test
  void metricsAndLogs_areStored() {
    metrics.export(Requests.metric("r1", "loss", 3, 0.5));
    GrpcClients.newClient(
            "gproto+" + server.grpcUrl(), LogsServiceGrpc.LogsServiceBlockingStub.class)
        .export(Requests.line("r2", "hello"));

    assertThat(server.store.written)
        .extracting(request -> request.runs().get(0).runId())
        .containsExactly("r1", "r2");
  }

  @Test
  void rejectedPoints_areNamedInThePartialSuccess() {
    ExportMetricsServiceResponse response = metrics.export(Requests.metric("r1", "", 3, 0.5));

    assertThat(response.getPartialSuccess().getRejectedDataPoints()).isEqualTo(1);
    assertThat(response.getPartialSuccess().getErrorMessage())
        .isEqualTo("training.metric.key must not be empty");
  }

  @Test
  void fullQueue_isResourceExhaustedWithRetryInfo() {
    fail(StoreException.Reason.BUSY);

    assertThatThrownBy(() -> metrics.export(Requests.metric("r1", "loss", 3, 0.5)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(StatusProto.fromThrowable(e).getDetailsList())
                  .singleElement()
                  .satisfies(
                      detail ->
                          assertThat(detail.unpack(RetryInfo.class).getRetryDelay().getSeconds())
                              .isPositive());
            });
  }

  @Test
  void databaseDown_isUnavailableWithRetryInfo() {
    fail(StoreException.Reason.UNAVAILABLE);

    assertThatThrownBy(() -> metrics.export(Requests.metric("r1", "loss", 3, 0.5)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(StatusProto.fromThrowable(e).getDetailsList()).hasSize(1);
            });
  }

  @Test
  void messageOverTheLimit_isResourceExhaustedWithoutRetryInfo() {
    String large = "x".repeat(TestServer.MAX_REQUEST_BYTES);

    assertThatThrownBy(() -> metrics.export(Requests.metric("r1", large, 3, 0.5)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(StatusProto.fromThrowable(e).getDetailsList()).isEmpty();
            });
  }

  @Test
  void malformedMessage_isInvalidArgument() {
    AggregatedHttpResponse response = call("MetricsService", new byte[] {0, 0, 0, 0, 2, 10, 99});

    assertThat(response.trailers().get("grpc-status", response.headers().get("grpc-status", "")))
        .isEqualTo(Integer.toString(Status.Code.INVALID_ARGUMENT.value()));
  }

  @Test
  void brokenFrame_isAnError() {
    AggregatedHttpResponse response = call("MetricsService", new byte[] {7, 1, 2, 3, 4, 5, 6});

    assertThat(response.trailers().get("grpc-status", response.headers().get("grpc-status", "")))
        .isNotEqualTo("0")
        .isNotEmpty();
  }

  @Test
  void unknownService_isRefused() {
    assertThat(call("ProfilesService", new byte[] {0, 0, 0, 0, 0}).status().code()).isEqualTo(404);
  }

  @Test
  void health_followsTheStore() {
    HealthGrpc.HealthBlockingStub health =
        GrpcClients.newClient("gproto+" + server.grpcUrl(), HealthGrpc.HealthBlockingStub.class);

    HealthCheckRequest request = HealthCheckRequest.getDefaultInstance();
    assertThat(health.check(request).getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    server.store.down = "connection refused";
    assertThat(health.check(request).getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.NOT_SERVING);
    HealthCheckRequest unknown = HealthCheckRequest.newBuilder().setService("nothing").build();
    assertThatThrownBy(() -> health.check(unknown)).hasMessageContaining("no such service");
  }

  private AggregatedHttpResponse call(String service, byte[] frame) {
    String signal = service.startsWith("Metrics") ? "metrics" : "profiles";
    RequestHeaders headers =
        RequestHeaders.builder(
                HttpMethod.POST,
                "/opentelemetry.proto.collector." + signal + ".v1." + service + "/Export")
            .add("content-type", "application/grpc")
            .add("te", "trailers")
            .build();
    return WebClient.of(server.grpcUrl().replace("http:", "h2c:"))
        .execute(headers, HttpData.wrap(frame))
        .aggregate()
        .join();
  }

  private void fail(StoreException.Reason reason) {
    server.store.answer =
        () -> CompletableFuture.failedFuture(new StoreException(reason, "not now", null));
  }
}
