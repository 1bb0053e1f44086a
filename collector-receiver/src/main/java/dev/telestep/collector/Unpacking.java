package dev.telestep.collector;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.telestep.collector.CollectorException.Kind;
import dev.telestep.otlp.Decoded;
import dev.telestep.otlp.OtlpDecoder;
import dev.telestep.otlp.RequestIds;
import dev.telestep.otlp.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/** From the bytes of a request to what it says. */
final class Unpacking {

  /** OTLP/JSON: names in lower camel case, unknown ones ignored. */
  private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

  private Unpacking() {}

  /**
   * Decompresses at most {@code limit} bytes; what is larger is given up there, however large it
   * would become.
   */
  static byte[] gunzip(byte[] body, int limit) {
    byte[] unpacked;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 8192)) {
      unpacked = in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw new CollectorException(
          Kind.MALFORMED, "the body is no complete gzip stream: " + e.getMessage(), e);
    }
    if (unpacked.length > limit) {
      throw tooLarge(limit);
    }
    return unpacked;
  }

  static Decoded decode(Payload payload, byte[] body, long receivedNanos) {
    UUID id = RequestIds.of(payload.signal(), body);
    return switch (payload.signal()) {
      case METRICS -> OtlpDecoder.metrics(metrics(payload, body), id, receivedNanos);
      case LOGS -> OtlpDecoder.logs(logs(payload, body), id, receivedNanos);
    };
  }

  static CollectorException tooLarge(int limit) {
    return new CollectorException(
        Kind.TOO_LARGE,
        "the request is larger than "
            + limit
            + " bytes after decompression"
            + " (TELESTEP_MAX_REQUEST_BYTES); send smaller batches",
        null);
  }

  private static ExportMetricsServiceRequest metrics(Payload payload, byte[] body) {
    try {
      if (payload.format() == Payload.Format.PROTOBUF) {
        return ExportMetricsServiceRequest.parseFrom(body);
      }
      ExportMetricsServiceRequest.Builder builder = ExportMetricsServiceRequest.newBuilder();
      mergeJson(body, builder);
      return builder.build();
    } catch (InvalidProtocolBufferException e) {
      throw malformed(payload, e);
    }
  }

  private static ExportLogsServiceRequest logs(Payload payload, byte[] body) {
    try {
      if (payload.format() == Payload.Format.PROTOBUF) {
        return ExportLogsServiceRequest.parseFrom(body);
      }
      ExportLogsServiceRequest.Builder builder = ExportLogsServiceRequest.newBuilder();
      mergeJson(body, builder);
      return builder.build();
    } catch (InvalidProtocolBufferException e) {
      throw malformed(payload, e);
    }
  }

  private static void mergeJson(byte[] body, Message.Builder builder)
      throws InvalidProtocolBufferException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidProtocolBufferException("not UTF-8", e);
    }
    if (text.isBlank()) {
      throw new InvalidProtocolBufferException("the body is empty");
    }
    JSON.merge(text, builder);
  }

  private static CollectorException malformed(Payload payload, InvalidProtocolBufferException e) {
    String expected =
        payload.signal() == Signal.METRICS
            ? "ExportMetricsServiceRequest"
            : "ExportLogsServiceRequest";
    return new CollectorException(
        Kind.MALFORMED,
        "the body is no " + expected + " in " + payload.format() + ": " + e.getMessage(),
        e);
  }
}
