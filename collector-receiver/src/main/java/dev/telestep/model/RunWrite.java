package dev.telestep.model;

import java.util.List;

/**
 * What one request says about one attempt of one run.
 *
 * @param runId identity of the run, 1 to 256 bytes of UTF-8
 * @param attempt identity of the attempt, empty when the producer names none
 * @param records the facts, in order of arrival
 */
public record RunWrite(String runId, String attempt, List<RunRecord> records) {
  public RunWrite {
    records = List.copyOf(records);
  }
}
