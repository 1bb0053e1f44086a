package dev.telestep.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.telestep.collector.CollectorException;
import org.jspecify.annotations.Nullable;

/** Failures as {@code google.rpc.Status}, the way OTLP wants them, for both transports. */
final class Statuses {

  static final MediaType PROTOBUF = MediaType.create("application", "x-protobuf");

  private static final int RETRY_SECONDS = 1;
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer()
          .usingTypeRegistry(TypeRegistry.newBuilder().add(RetryInfo.getDescriptor()).build())
          .omittingInsignificantWhitespace();

  private Statuses() {}

  static Status of(CollectorException failure) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code(failure.kind()).getNumber())
            .setMessage(message(failure.getMessage()));
    if (failure.kind().isRetryable()) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(Duration.newBuilder().setSeconds(RETRY_SECONDS))
                  .build()));
    }
    return status.build();
  }

  static Status of(Code code, @Nullable String message) {
    return Status.newBuilder().setCode(code.getNumber()).setMessage(message(message)).build();
  }

  static HttpStatus httpStatus(CollectorException.Kind kind) {
    return switch (kind) {
      case MALFORMED -> HttpStatus.BAD_REQUEST;
      case TOO_LARGE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
      case BUSY -> HttpStatus.TOO_MANY_REQUESTS;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  /** The status as an HTTP response, in protobuf for those who sent protobuf, else in JSON. */
  static AggregatedHttpResponse response(HttpStatus http, Status status, boolean protobuf) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(http).contentType(protobuf ? PROTOBUF : MediaType.JSON_UTF_8);
    if (status.getDetailsCount() > 0) {
      headers.addInt(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
    }
    HttpData body = protobuf ? HttpData.wrap(status.toByteArray()) : HttpData.ofUtf8(json(status));
    return AggregatedHttpResponse.of(headers.build(), body);
  }

  private static String json(Status status) {
    try {
      return JSON.print(status);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("every detail's type is registered", e);
    }
  }

  private static Code code(CollectorException.Kind kind) {
    return switch (kind) {
      case MALFORMED -> Code.INVALID_ARGUMENT;
      case TOO_LARGE, BUSY -> Code.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Code.UNAVAILABLE;
      case INTERNAL -> Code.INTERNAL;
    };
  }

  private static String message(@Nullable String message) {
    return message == null ? "" : message;
  }
}
