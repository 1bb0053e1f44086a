package dev.telestep.server;

import dev.telestep.store.StoreHealth;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * gRPC's health protocol: serving while requests can be stored. {@code Watch} is not implemented;
 * the protocol has clients fall back to {@code Check}.
 */
final class GrpcHealthService extends HealthGrpc.HealthImplBase {

  private final StoreHealth store;
  private final Set<String> services;
  private final Executor executor;

  /** The services are those that may be asked for by name; the check may block the executor. */
  GrpcHealthService(StoreHealth store, Set<String> services, Executor executor) {
    this.store = store;
    this.services = Set.copyOf(services);
    this.executor = executor;
  }

  @Override
  public void check(
      HealthCheckRequest request, StreamObserver<HealthCheckResponse> responseObserver) {
    String service = request.getService();
    if (!service.isEmpty() && !services.contains(service)) {
      responseObserver.onError(
          Status.NOT_FOUND
              .withDescription("no such service: " + service + "; there are " + services)
              .asRuntimeException());
      return;
    }
    CompletableFuture<?> unused =
        CompletableFuture.supplyAsync(store::check, executor)
            .whenComplete(
                (reason, failure) -> {
                  ServingStatus status =
                      reason == null && failure == null
                          ? ServingStatus.SERVING
                          : ServingStatus.NOT_SERVING;
                  responseObserver.onNext(
                      HealthCheckResponse.newBuilder().setStatus(status).build());
                  responseObserver.onCompleted();
                });
  }
}
