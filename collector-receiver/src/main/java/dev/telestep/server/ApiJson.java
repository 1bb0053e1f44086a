package dev.telestep.server;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.telestep.store.RunReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code /api/v1}, for the server and its clients: the records of {@link RunReader}
 * with their names, times as ISO 8601, non-finite numbers as the texts "NaN", "Infinity" and
 * "-Infinity".
 */
public final class ApiJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ApiJson() {}

  /** The mapper; it must not be changed. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** Answer of {@code /api/v1/runs}. */
  public record Runs(List<RunReader.Run> runs) {
    public Runs {
      runs = List.copyOf(runs);
    }
  }

  /** Answer of {@code /api/v1/runs/{id}}. */
  public record RunDetails(
      RunReader.Run run, List<RunReader.Attempt> attempts, List<RunReader.Metric> metrics) {
    public RunDetails {
      attempts = List.copyOf(attempts);
      metrics = List.copyOf(metrics);
    }
  }

  /** Answer of {@code /api/v1/runs/{id}/curve}. */
  public record Curve(String runId, String key, String x, List<RunReader.CurvePoint> points) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  /** Answer of {@code /api/v1/runs/{id}/logs}; {@code next} is the cursor to go on with. */
  public record Logs(String runId, long next, List<RunReader.Log> lines) {
    public Logs {
      lines = List.copyOf(lines);
    }
  }

  /** Every failure of the API: a {@code google.rpc.Status}. */
  public record Failure(int code, @Nullable String message) {}
}
