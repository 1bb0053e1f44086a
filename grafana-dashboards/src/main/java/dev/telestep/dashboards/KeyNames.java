package dev.telestep.dashboards;

/**
 * What the name of a metric tells about it. Every pattern means the same as a PostgreSQL regular
 * expression after {@code ~*} and as a JavaScript one with the flag {@code i}.
 */
final class KeyNames {

  /** Lower is better. */
  static final String LOWER_IS_BETTER =
      "loss|error|perplexity|latency|entropy"
          + "|(^|[^a-z])(err|ppl|mae|mse|rmse|mape|norm|time|ms|seconds|duration|nll|wer|cer|fid)([^a-z]|$)";

  /** Neither high nor low is better: schedules, counters and progress. */
  static final String NEUTRAL =
      "(^|[^a-z])(lr|learning[_ -]?rate|momentum|weight[_ -]?decay)([^a-z]|$)"
          + "|(^|[^a-z])(epochs?|steps?|iterations?|iter|progress|batch[_ -]?size|samples|tokens|examples)$";

  /** A fraction of one. */
  static final String FRACTION =
      "accuracy|(^|[^a-z])(acc|auc|f1|precision|recall|ratio|utilization)([^a-z]|$)";

  static final String MILLISECONDS = "(^|[^a-z])ms([^a-z]|$)";

  static final String LEARNING_RATE = "(^|[^a-z])(lr|learning[_ -]?rate)([^a-z]|$)";

  private KeyNames() {}

  /** The pattern in the form of a field matcher. */
  static String matcher(String pattern) {
    return "/" + pattern.replace("/", "\\/") + "/i";
  }
}
