package dev.telestep.otlp;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.util.UUID;

/**
 * Turns OTLP requests into what is stored. What breaks a rule is left out and named; the rest is
 * kept.
 */
public final class OtlpDecoder {

  private OtlpDecoder() {}

  /**
   * Reads metrics.
   *
   * @param requestId identity of the request, see {@link RequestIds}
   * @param receivedNanos when it came, nanoseconds since the epoch
   */
  public static Decoded metrics(
      ExportMetricsServiceRequest request, UUID requestId, long receivedNanos) {
    Decoding decoding = new Decoding(requestId, receivedNanos);
    for (ResourceMetrics resource : request.getResourceMetricsList()) {
      for (ScopeMetrics scope : resource.getScopeMetricsList()) {
        Origin origin = Origin.of(resource.getResource(), scope.getScope());
        new MetricsScope(decoding, origin).read(scope.getMetricsList());
      }
    }
    return decoding.toDecoded();
  }

  /** Reads log records; the parameters are those of {@link #metrics}. */
  public static Decoded logs(ExportLogsServiceRequest request, UUID requestId, long receivedNanos) {
    Decoding decoding = new Decoding(requestId, receivedNanos);
    for (ResourceLogs resource : request.getResourceLogsList()) {
      for (ScopeLogs scope : resource.getScopeLogsList()) {
        Origin origin = Origin.of(resource.getResource(), scope.getScope());
        new LogsScope(decoding, origin).read(scope.getLogRecordsList());
      }
    }
    return decoding.toDecoded();
  }
}
