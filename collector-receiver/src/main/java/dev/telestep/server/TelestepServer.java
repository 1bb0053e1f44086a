package dev.telestep.server;

import com.linecorp.armeria.common.CommonPools;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.telestep.collector.Collector;
import dev.telestep.otlp.Signal;
import dev.telestep.store.RunReader;
import dev.telestep.store.StoreHealth;
import io.grpc.ServerServiceDefinition;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * The listening part: OTLP over gRPC and HTTP, the read API, {@code /health} and {@code /metrics}.
 * Both ports serve everything; two exist because OTLP's clients expect them.
 */
public final class TelestepServer implements AutoCloseable {

  /** Room for gRPC's frames, so that a message at the limit is judged by the limit of messages. */
  private static final int FRAMING_BYTES = 64 * 1024;

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration QUIET_PERIOD = Duration.ofMillis(100);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

  private final Server server;
  private final List<Integer> ports;

  private TelestepServer(Server server, List<Integer> ports) {
    this.server = server;
    this.ports = ports;
  }

  /**
   * Starts listening.
   *
   * @throws ServerStartException when a port cannot be had; the message names it
   */
  public static TelestepServer start(
      ServerSettings settings,
      Collector collector,
      RunReader reader,
      StoreHealth health,
      PrometheusMeterRegistry registry) {
    InetSocketAddress grpc = new InetSocketAddress(settings.bind(), settings.grpcPort());
    InetSocketAddress http = new InetSocketAddress(settings.bind(), settings.httpPort());
    ServerBuilder builder =
        Server.builder()
            .port(grpc, SessionProtocol.HTTP)
            .port(http, SessionProtocol.HTTP)
            .errorHandler(new ErrorPages(settings.maxRequestBytes()))
            .maxRequestLength((long) settings.maxRequestBytes() + FRAMING_BYTES)
            .requestTimeout(REQUEST_TIMEOUT)
            .gracefulShutdownTimeout(QUIET_PERIOD, SHUTDOWN_TIMEOUT)
            .service(grpcServices(settings, collector, health));
    for (Signal signal : Signal.values()) {
      builder.route().post("/v1/" + signal.id()).build(new OtlpHttpService(signal, collector));
    }
    new ApiService(reader).addTo(builder);
    builder.route().get("/health").build(new HealthService(health));
    builder
        .route()
        .get("/metrics")
        .build(
            (context, request) ->
                HttpResponse.of(
                    HttpStatus.OK,
                    MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
                    registry.scrape()));
    Server server = builder.build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      server.close();
      throw new ServerStartException(
          "cannot listen on "
              + grpc
              + " and "
              + http
              + " (TELESTEP_BIND, TELESTEP_GRPC_PORT, TELESTEP_HTTP_PORT): "
              + (e.getCause() == null ? e : e.getCause()).getMessage(),
          e);
    }
    return new TelestepServer(
        server,
        server.activePorts().values().stream().map(port -> port.localAddress().getPort()).toList());
  }

  /** The port that was asked for as gRPC's. */
  public int grpcPort() {
    return ports.get(0);
  }

  /** The port that was asked for as HTTP's. */
  public int httpPort() {
    return ports.get(1);
  }

  /** Stops accepting, and waits for the requests under way (at most 30 s). */
  @Override
  public void close() {
    server.stop().join();
  }

  private static GrpcService grpcServices(
      ServerSettings settings, Collector collector, StoreHealth health) {
    ServerServiceDefinition metrics = OtlpGrpcServices.metrics(collector);
    ServerServiceDefinition logs = OtlpGrpcServices.logs(collector);
    Set<String> names =
        Set.of(metrics.getServiceDescriptor().getName(), logs.getServiceDescriptor().getName());
    return GrpcService.builder()
        .addService(metrics)
        .addService(logs)
        .addService(new GrpcHealthService(health, names, CommonPools.blockingTaskExecutor()))
        .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
        .maxRequestMessageLength(settings.maxRequestBytes())
        .build();
  }
}
