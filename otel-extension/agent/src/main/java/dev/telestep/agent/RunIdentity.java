package dev.telestep.agent;

import dev.telestep.semconv.TrainingAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whose an entry is: the run, its attempt (empty when unnamed) and the process's rank, if any. */
final class RunIdentity {

  final String runId;
  final String attempt;
  final @Nullable Long rank;

  RunIdentity(String runId, String attempt, @Nullable Long rank) {
    this.runId = runId;
    this.attempt = attempt;
    this.rank = rank;
  }

  /** The attributes that every point and log record of the run begins with. */
  AttributesBuilder attributes() {
    AttributesBuilder attributes =
        Attributes.builder()
            .put(TrainingAttributes.RUN_ID, runId)
            .put(TrainingAttributes.RUN_ATTEMPT, attempt);
    if (rank != null) {
      attributes.put(TrainingAttributes.RANK, rank.longValue());
    }
    return attributes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RunIdentity
        && runId.equals(((RunIdentity) other).runId)
        && attempt.equals(((RunIdentity) other).attempt)
        && Objects.equals(rank, ((RunIdentity) other).rank);
  }

  @Override
  public int hashCode() {
    return runId.hashCode() * 31 + attempt.hashCode() + (rank == null ? 0 : rank.hashCode());
  }

  @Override
  public String toString() {
    return runId + "/" + attempt + (rank == null ? "" : "/" + rank);
  }
}
