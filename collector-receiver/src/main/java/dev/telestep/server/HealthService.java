package dev.telestep.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.telestep.store.StoreHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code /health}: 200 when requests can be stored, else 503 with the reason. */
final class HealthService implements HttpService {

  private final StoreHealth store;

  HealthService(StoreHealth store) {
    this.store = store;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(store::check, context.blockingTaskExecutor())
            .thenApply(HealthService::answer));
  }

  private static HttpResponse answer(@Nullable String reason) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("status", reason == null ? "ok" : "unavailable");
    if (reason != null) {
      body.put("reason", reason);
    }
    try {
      return HttpResponse.of(
          reason == null ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
          MediaType.JSON_UTF_8,
          ApiJson.mapper().writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can be written as JSON", e);
    }
  }
}
