package dev.telestep.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.telestep.collector.Collector;
import dev.telestep.collector.CollectorException;
import dev.telestep.collector.Payload;
import dev.telestep.collector.Receipt;
import dev.telestep.otlp.Signal;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP for one signal: protobuf or JSON, plain or gzip. */
final class OtlpHttpService implements HttpService {

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private final Signal signal;
  private final Collector collector;

  OtlpHttpService(Signal signal, Collector collector) {
    this.signal = signal;
    this.collector = collector;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    Payload.Format format = format(request.contentType());
    if (format == null) {
      return refuse(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type must be application/x-protobuf or application/json: "
              + request.headers().get(HttpHeaderNames.CONTENT_TYPE, "none"),
          false);
    }
    boolean protobuf = format == Payload.Format.PROTOBUF;
    String encoding =
        request
            .headers()
            .get(HttpHeaderNames.CONTENT_ENCODING, "identity")
            .toLowerCase(Locale.ROOT);
    if (!encoding.equals("gzip") && !encoding.equals("identity")) {
      return refuse(
          HttpStatus.BAD_REQUEST, "Content-Encoding must be gzip or absent: " + encoding, protobuf);
    }
    boolean gzip = encoding.equals("gzip");
    return HttpResponse.of(
        request
            .aggregate()
            .thenCompose(body -> collector.accept(payload(format, gzip, body)))
            .handle((receipt, failure) -> answer(receipt, failure, protobuf)));
  }

  private Payload payload(Payload.Format format, boolean gzip, AggregatedHttpRequest request) {
    return new Payload(signal, "http", format, gzip, request.content().array());
  }

  private HttpResponse answer(
      @Nullable Receipt receipt, @Nullable Throwable failure, boolean protobuf) {
    if (receipt != null) {
      Message response = Responses.of(signal, receipt);
      return protobuf
          ? HttpResponse.of(HttpStatus.OK, Statuses.PROTOBUF, HttpData.wrap(response.toByteArray()))
          : HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json(response));
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof CollectorException known) {
      return Statuses.response(Statuses.httpStatus(known.kind()), Statuses.of(known), protobuf)
          .toHttpResponse();
    }
    // The body did not arrive; the server's error handler knows how to say that.
    return HttpResponse.ofFailure(cause == null ? new IllegalStateException() : cause);
  }

  private static HttpResponse refuse(HttpStatus status, String message, boolean protobuf) {
    return Statuses.response(status, Statuses.of(Code.INVALID_ARGUMENT, message), protobuf)
        .toHttpResponse();
  }

  private static Payload.@Nullable Format format(@Nullable MediaType type) {
    if (type == null) {
      return null;
    }
    String name = type.type() + "/" + type.subtype();
    return switch (name) {
      case "application/x-protobuf" -> Payload.Format.PROTOBUF;
      case "application/json" -> Payload.Format.JSON;
      default -> null;
    };
  }

  private static String json(Message message) {
    try {
      return JSON.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("OTLP's responses can be written as JSON", e);
    }
  }
}
