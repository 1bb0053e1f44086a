package dev.telestep.model;

import java.util.List;
import java.util.UUID;

/**
 * Everything one request says, grouped by run and attempt.
 *
 * @param requestId identity of the request, derived from its bytes: a retry carries the same one
 * @param receivedNanos when the receiver got it, nanoseconds since the epoch
 * @param runs what it says about each run, in order of arrival
 */
public record WriteRequest(UUID requestId, long receivedNanos, List<RunWrite> runs) {
  public WriteRequest {
    runs = List.copyOf(runs);
  }
}
