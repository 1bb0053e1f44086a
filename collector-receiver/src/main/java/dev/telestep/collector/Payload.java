package dev.telestep.collector;

import dev.telestep.otlp.Signal;

/**
 * A request as it came.
 *
 * @param signal what it carries
 * @param transport who brought it, for counters: {@code grpc} or {@code http}
 * @param format how it is written
 * @param gzip whether the body is compressed
 * @param body the bytes; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes on the hot path; never compared
public record Payload(Signal signal, String transport, Format format, boolean gzip, byte[] body) {

  /** The encodings of OTLP. */
  public enum Format {
    PROTOBUF,
    JSON
  }
}
