package dev.telestep.server;

import com.google.rpc.Code;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * What the server says where no service answers (unknown paths, other methods, bodies over the
 * limit, broken HTTP): a {@code google.rpc.Status} like every other failure.
 */
final class ErrorPages implements ServerErrorHandler {

  private final int maxRequestBytes;

  ErrorPages(int maxRequestBytes) {
    this.maxRequestBytes = maxRequestBytes;
  }

  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    return null;
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    MediaType type = headers == null ? null : headers.contentType();
    boolean protobuf = type != null && type.is(Statuses.PROTOBUF);
    return Statuses.response(
        status, Statuses.of(code(status), message(headers, status, description)), protobuf);
  }

  private String message(
      @Nullable RequestHeaders headers, HttpStatus status, @Nullable String description) {
    String path = headers == null ? "" : headers.path();
    return switch (status.code()) {
      case 404 ->
          "nothing is served at "
              + path
              + "; OTLP goes to /v1/metrics and /v1/logs, the API is below /api/v1";
      case 405 -> (headers == null ? "" : headers.method() + " ") + "is not allowed at " + path;
      case 413 ->
          "the request is larger than "
              + maxRequestBytes
              + " bytes (TELESTEP_MAX_REQUEST_BYTES); send smaller batches";
      default -> description == null ? status.reasonPhrase() : description;
    };
  }

  private static Code code(HttpStatus status) {
    return switch (status.code()) {
      case 404 -> Code.NOT_FOUND;
      case 405 -> Code.UNIMPLEMENTED;
      case 413 -> Code.RESOURCE_EXHAUSTED;
      case 503 -> Code.UNAVAILABLE;
      default -> status.isClientError() ? Code.INVALID_ARGUMENT : Code.INTERNAL;
    };
  }
}
