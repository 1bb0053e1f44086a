package dev.telestep.server;

import dev.telestep.collector.Collector;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** The real server on free ports, over a fake store. */
@NullMarked
public final class TestServer implements AutoCloseable {

  public static final int MAX_REQUEST_BYTES = 100_000;

  public final FakeStore store = new FakeStore();
  public final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Collector collector;
  private final TelestepServer server;

  public TestServer() {
    ServerSettings settings =
        ServerSettings.from(
            Map.of(
                ServerSettings.GRPC_PORT,
                "0",
                ServerSettings.HTTP_PORT,
                "0",
                ServerSettings.MAX_REQUEST_BYTES,
                Integer.toString(MAX_REQUEST_BYTES),
                ServerSettings.MAX_IN_FLIGHT_BYTES,
                Integer.toString(3 * MAX_REQUEST_BYTES)));
    collector =
        new Collector(
            store,
            new Collector.Limits(settings.maxRequestBytes(), settings.maxInFlightBytes()),
            registry,
            InstantSource.system());
    server = TelestepServer.start(settings, collector, store, store, registry);
  }

  public String httpUrl() {
    return "http://127.0.0.1:" + server.httpPort();
  }

  public String grpcUrl() {
    return "http://127.0.0.1:" + server.grpcPort();
  }

  @Override
  public void close() {
    server.close();
    collector.close();
  }
}
