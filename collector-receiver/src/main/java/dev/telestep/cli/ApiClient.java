package dev.telestep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.telestep.server.ApiJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks a running receiver; every failure is a {@link CommandException}. */
final class ApiClient {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String url;

  ApiClient(String url) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** The answer's body as it came. */
  String get(String path, Map<String, String> parameters) {
    HttpResponse<String> response = send(uri(path, parameters));
    if (response.statusCode() == 200) {
      return response.body();
    }
    String message = message(response);
    throw new CommandException(
        response.statusCode() == 404 ? Telestep.NOT_FOUND : Telestep.FAILED, message);
  }

  <T> T get(String path, Map<String, String> parameters, Class<T> type) {
    return parse(get(path, parameters), type);
  }

  static <T> T parse(String json, Class<T> type) {
    try {
      return ApiJson.mapper().readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new CommandException(
          Telestep.FAILED, "the receiver's answer is not understood: " + e.getOriginalMessage());
    }
  }

  /** A run's id, prefix or name as a part of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private URI uri(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(entry -> segment(entry.getKey()) + "=" + segment(entry.getValue()))
            .collect(Collectors.joining("&"));
    try {
      return URI.create(url + path + (query.isEmpty() ? "" : "?" + query));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          Telestep.USAGE, "TELESTEP_URL (or --url) must look like http://127.0.0.1:4318: " + url);
    }
  }

  private HttpResponse<String> send(URI uri) {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandException(
          Telestep.NO_SERVER,
          "no receiver answers at "
              + url
              + " ("
              + reason(e)
              + "); start one with: telestep serve, or set TELESTEP_URL to another one's address");
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          Telestep.USAGE, "TELESTEP_URL (or --url) must look like http://127.0.0.1:4318: " + url);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(Telestep.FAILED, "interrupted");
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "connection refused" : e.getMessage();
  }

  private static String message(HttpResponse<String> response) {
    try {
      String message = ApiJson.mapper().readValue(response.body(), ApiJson.Failure.class).message();
      if (message != null && !message.isEmpty()) {
        return message;
      }
    } catch (JsonProcessingException notOurs) {
      return "the receiver answered "
          + response.statusCode()
          + ", which is not its own manner: "
          + response.body().lines().findFirst().orElse("");
    }
    return "the receiver answered " + response.statusCode();
  }
}
