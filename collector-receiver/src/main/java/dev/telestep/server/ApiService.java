package dev.telestep.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.rpc.Code;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.telestep.store.RunReader;
import dev.telestep.store.StoreException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The read API below {@code /api/v1}. */
final class ApiService {

  private static final Logger logger = LoggerFactory.getLogger(ApiService.class);
  private static final int MAX_LIMIT = 10_000;

  /** So many runs are named to choose from where a name is ambiguous. */
  private static final int CANDIDATES = 5;

  private final RunReader reader;

  ApiService(RunReader reader) {
    this.reader = reader;
  }

  void addTo(ServerBuilder server) {
    server.route().get("/api/v1/runs").build(answering(this::runs));
    server.route().get("/api/v1/runs/{id}").build(answering(this::run));
    server.route().get("/api/v1/runs/{id}/curve").build(answering(this::curve));
    server.route().get("/api/v1/runs/{id}/logs").build(answering(this::logs));
  }

  private Object runs(ServiceRequestContext context) {
    return new ApiJson.Runs(
        reader.runs(
            new RunReader.Filter(
                context.queryParam("project"),
                context.queryParam("status"),
                number(context, "limit", 100, 1, MAX_LIMIT))));
  }

  private Object run(ServiceRequestContext context) {
    RunReader.Run run = find(context);
    return new ApiJson.RunDetails(run, reader.attempts(run.id()), reader.metrics(run.id()));
  }

  private Object curve(ServiceRequestContext context) {
    String key = context.queryParam("key");
    if (key == null || key.isEmpty()) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "the parameter key must name a metric");
    }
    String x = context.queryParam("x");
    String axis = x == null || x.isEmpty() ? "step" : x;
    int buckets = number(context, "buckets", 400, 1, MAX_LIMIT);
    RunReader.Run run = find(context);
    return new ApiJson.Curve(run.id(), key, axis, reader.curve(run.id(), key, axis, buckets));
  }

  private Object logs(ServiceRequestContext context) {
    long after = cursor(context);
    int limit = number(context, "limit", 1_000, 1, MAX_LIMIT);
    RunReader.Run run = find(context);
    List<RunReader.Log> lines = reader.logs(run.id(), after, limit);
    long next = lines.isEmpty() ? after : lines.get(lines.size() - 1).cursor();
    return new ApiJson.Logs(run.id(), next, lines);
  }

  /** The run by its id, an unambiguous prefix of it, or its name. */
  private RunReader.Run find(ServiceRequestContext context) {
    String wanted = context.pathParam("id");
    if (wanted == null || wanted.isEmpty()) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "the path must name a run");
    }
    List<RunReader.Run> found = reader.find(wanted, CANDIDATES + 1);
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new ApiException(
          HttpStatus.NOT_FOUND, "no run has the id, the beginning of an id or the name " + wanted);
    }
    throw new ApiException(
        HttpStatus.CONFLICT,
        wanted
            + " names several runs, give an id: "
            + found.stream()
                .limit(CANDIDATES)
                .map(RunReader.Run::id)
                .collect(Collectors.joining(", "))
            + (found.size() > CANDIDATES ? ", …" : ""));
  }

  private static long cursor(ServiceRequestContext context) {
    String value = context.queryParam("after");
    if (value == null || value.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "the parameter after must be a cursor from an answer: " + value);
    }
  }

  private static int number(
      ServiceRequestContext context, String name, int otherwise, int min, int max) {
    String value = context.queryParam(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      logger.debug("parameter {} is no number", name, e);
    }
    throw new ApiException(
        HttpStatus.BAD_REQUEST,
        "the parameter " + name + " must be from " + min + " to " + max + ": " + value);
  }

  private static HttpService answering(Function<ServiceRequestContext, Object> read) {
    return (context, request) ->
        HttpResponse.of(
            CompletableFuture.supplyAsync(
                () -> answer(context, read), context.blockingTaskExecutor()));
  }

  private static HttpResponse answer(
      ServiceRequestContext context, Function<ServiceRequestContext, Object> read) {
    try {
      return json(HttpStatus.OK, read.apply(context));
    } catch (ApiException e) {
      return failure(e.status, e.getMessage());
    } catch (StoreException e) {
      boolean passing = e.reason() != StoreException.Reason.INTERNAL;
      return failure(
          passing ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.INTERNAL_SERVER_ERROR,
          e.getMessage());
    }
  }

  private static HttpResponse failure(HttpStatus status, @Nullable String message) {
    Code code =
        switch (status.code()) {
          case 400 -> Code.INVALID_ARGUMENT;
          case 404 -> Code.NOT_FOUND;
          case 409 -> Code.FAILED_PRECONDITION;
          case 503 -> Code.UNAVAILABLE;
          default -> Code.INTERNAL;
        };
    return json(status, new ApiJson.Failure(code.getNumber(), message));
  }

  private static HttpResponse json(HttpStatus status, Object value) {
    try {
      return HttpResponse.of(
          status, MediaType.JSON_UTF_8, ApiJson.mapper().writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the API's records can be written as JSON", e);
    }
  }

  /** Says why a request of the API is not answered. */
  private static final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient HttpStatus status;

    ApiException(HttpStatus status, String message) {
      super(message);
      this.status = status;
    }
  }
}
