package dev.telestep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telestep.store.RunReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void reset() {
    server.store.reset();
  }

  @Test
  void nonFiniteNumbers_areTexts() throws Exception {
    server.store.runs.add(FakeStore.run("r1", "mnist", Map.of("loss", Double.NaN)));
    server.store.points.add(
        new RunReader.CurvePoint(1, Double.POSITIVE_INFINITY, null, null, -0.0, 2));

    assertThat(get("/api/v1/runs").body()).contains("\"loss\":\"NaN\"");
    assertThat(get("/api/v1/runs/r1/curve?key=loss").body())
        .isEqualTo(
            "{\"runId\":\"r1\",\"key\":\"loss\",\"x\":\"step\",\"points\":[{\"x\":1.0,"
                + "\"mean\":\"Infinity\",\"min\":null,\"max\":null,\"last\":-0.0,\"nonFinite\":2}]}");
  }

  @Test
  void nonFiniteNumbers_areReadBackAsTheyWere() throws Exception {
    Map<String, Double> metrics =
        Map.of(
            "nan", Double.NaN,
            "up", Double.POSITIVE_INFINITY,
            "down", Double.NEGATIVE_INFINITY);
    server.store.runs.add(FakeStore.run("r1", "mnist", metrics));
    RunReader.Metric summary =
        new RunReader.Metric(
            "nan", 2, 1, Double.NaN, 2L, null, null, Double.POSITIVE_INFINITY, 1L, null);
    server.store.metrics.add(summary);

    ApiJson.RunDetails details =
        ApiJson.mapper().readValue(get("/api/v1/runs/r1").body(), ApiJson.RunDetails.class);

    assertThat(details.run().metrics()).isEqualTo(metrics);
    assertThat(details.metrics()).containsExactly(summary);
  }

  @Test
  void runIdWithASlash_isFound() throws Exception {
    server.store.runs.add(FakeStore.run("team/run 1", "mnist", Map.of()));

    assertThat(get("/api/v1/runs/team%2Frun%201").statusCode()).isEqualTo(200);
  }

  @Test
  void logs_tellTheCursorToGoOnWith() throws Exception {
    server.store.runs.add(FakeStore.run("r1", "mnist", Map.of()));
    for (int i = 1; i <= 3; i++) {
      server.store.lines.add(new RunReader.Log(i, Instant.EPOCH, 9, "", "line " + i));
    }

    assertThat(get("/api/v1/runs/r1/logs?after=1&limit=1").body())
        .contains("\"next\":2", "line 2")
        .doesNotContain("line 3");
    assertThat(get("/api/v1/runs/r1/logs?after=3").body()).contains("\"next\":3", "\"lines\":[]");
  }

  @Test
  void failures_sayWhatWasExpected() throws Exception {
    server.store.runs.add(FakeStore.run("r1", "mnist", Map.of()));

    assertFailure("/api/v1/runs?limit=0", 400, "limit must be from 1 to 10000: 0");
    assertFailure("/api/v1/runs?limit=x", 400, "limit must be from 1 to 10000: x");
    assertFailure("/api/v1/runs/r1/curve", 400, "key must name a metric");
    assertFailure("/api/v1/runs/r1/logs?after=x", 400, "after must be a cursor");
    assertFailure("/api/v1/runs/r2", 404, "r2");
    assertFailure("/api/v2", 404, "nothing is served at /api/v2");
    server.store.down = "the database is down";
    assertFailure("/api/v1/runs", 503, "the database is down");
  }

  private static void assertFailure(String path, int status, String message) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(ApiJson.mapper().readValue(response.body(), ApiJson.Failure.class).message())
        .contains(message);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(server.httpUrl() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
