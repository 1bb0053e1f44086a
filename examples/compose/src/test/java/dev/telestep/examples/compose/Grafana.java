package dev.telestep.examples.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The part of Grafana's HTTP API that the test asks. */
final class Grafana {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;
  private final String authorization;

  Grafana(URI base, String user, String password) {
    this.base = base;
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  /** Answers are JSON; any status but 200 is an error. */
  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  /**
   * What Grafana's data source answers to SQL in which macros may stand.
   *
   * @param format {@code table} or {@code time_series}
   */
  Frame query(String sql, String format, Instant from, Instant to) {
    ObjectNode body = JSON.createObjectNode();
    body.put("from", String.valueOf(from.toEpochMilli()));
    body.put("to", String.valueOf(to.toEpochMilli()));
    ObjectNode query = body.putArray("queries").addObject();
    query.put("refId", "A");
    query.put("rawSql", sql);
    query.put("format", format);
    query.put("intervalMs", 30_000);
    query.put("maxDataPoints", 1_000);
    query
        .putObject("datasource")
        .put("uid", "telestep")
        .put("type", "grafana-postgresql-datasource");
    JsonNode answer =
        send(
            HttpRequest.newBuilder(base.resolve("/api/ds/query"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    JsonNode result = answer.at("/results/A");
    if (result.has("error") || result.path("frames").isEmpty()) {
      throw new AssertionError("Grafana answered " + result + " to\n" + sql);
    }
    return Frame.of(result.path("frames"));
  }

  private JsonNode send(HttpRequest.Builder builder) {
    HttpRequest request =
        builder.header("Authorization", authorization).timeout(Duration.ofSeconds(30)).build();
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        throw new AssertionError(
            request.uri() + " answered " + response.statusCode() + ": " + response.body());
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(request.uri() + " did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The shape of an answer.
   *
   * @param fields names in order; none when there are no rows, for Grafana leaves them out then
   * @param rows rows of the first frame
   */
  record Frame(List<String> fields, int rows) {
    Frame {
      fields = List.copyOf(fields);
    }

    static Frame of(JsonNode frames) {
      JsonNode frame = frames.path(0);
      List<String> fields = new ArrayList<>();
      frame.at("/schema/fields").forEach(field -> fields.add(field.path("name").asText()));
      return new Frame(fields, frame.at("/data/values/0").size());
    }
  }
}
