package dev.telestep.server;

import com.google.protobuf.Message;
import dev.telestep.collector.Collector;
import dev.telestep.collector.CollectorException;
import dev.telestep.collector.Payload;
import dev.telestep.collector.Receipt;
import dev.telestep.otlp.Signal;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over gRPC. The methods are the generated ones, but requests stay bytes: the collector makes
 * their identity of them, and decodes them on its own threads. No thread waits for an answer.
 */
final class OtlpGrpcServices {

  private OtlpGrpcServices() {}

  static ServerServiceDefinition metrics(Collector collector) {
    return service(
        collector,
        Signal.METRICS,
        MetricsServiceGrpc.getExportMethod(),
        ExportMetricsServiceResponse.getDefaultInstance(),
        Responses::metrics);
  }

  static ServerServiceDefinition logs(Collector collector) {
    return service(
        collector,
        Signal.LOGS,
        LogsServiceGrpc.getExportMethod(),
        ExportLogsServiceResponse.getDefaultInstance(),
        Responses::logs);
  }

  private static <T extends Message> ServerServiceDefinition service(
      Collector collector,
      Signal signal,
      MethodDescriptor<?, T> generated,
      T response,
      Function<Receipt, T> toResponse) {
    MethodDescriptor<byte[], T> method =
        generated.toBuilder(new BytesMarshaller(), ProtoUtils.marshaller(response)).build();
    String name = MethodDescriptor.extractFullServiceName(method.getFullMethodName());
    if (name == null) {
      throw new IllegalStateException("a method without a service: " + method);
    }
    return ServerServiceDefinition.builder(name)
        .addMethod(
            method,
            ServerCalls.asyncUnaryCall(
                (body, observer) -> export(collector, signal, body, observer, toResponse)))
        .build();
  }

  private static <T> void export(
      Collector collector,
      Signal signal,
      byte[] body,
      StreamObserver<T> observer,
      Function<Receipt, T> toResponse) {
    Payload payload = new Payload(signal, "grpc", Payload.Format.PROTOBUF, false, body);
    CompletableFuture<?> unused =
        collector
            .accept(payload)
            .whenComplete(
                (receipt, failure) -> {
                  if (failure != null) {
                    observer.onError(toStatus(failure));
                  } else {
                    observer.onNext(toResponse.apply(receipt));
                    observer.onCompleted();
                  }
                });
  }

  private static Throwable toStatus(@Nullable Throwable failure) {
    return failure instanceof CollectorException known
        ? StatusProto.toStatusRuntimeException(Statuses.of(known))
        : Status.INTERNAL.withCause(failure).asRuntimeException();
  }

  /** Leaves the bytes of a message as they are. */
  private static final class BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
