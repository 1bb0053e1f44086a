package dev.telestep.otlp;

import dev.telestep.model.WriteRequest;
import java.util.Map;

/**
 * A request as it was understood.
 *
 * @param request what to store; without runs when nothing is
 * @param points numbers and texts to store
 * @param rows rows that training logged among them
 * @param logLines lines of logs to store
 * @param ignored data points and log records that belong to no run, or say nothing
 * @param rejected data points or log records of which at least a part was rejected
 * @param reasons how often each reason occurred
 * @param message the first example of each reason; empty when nothing was rejected
 */
public record Decoded(
    WriteRequest request,
    long points,
    long rows,
    long logLines,
    long ignored,
    long rejected,
    Map<RejectionReason, Long> reasons,
    String message) {
  public Decoded {
    reasons = Map.copyOf(reasons);
  }
}
