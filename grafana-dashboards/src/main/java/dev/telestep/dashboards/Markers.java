package dev.telestep.dashboards;

/**
 * Characters of no width that SQL writes into names and values and field overrides look for.
 *
 * <p>Overrides can match only the name of a field, and names are what people read. A mark that
 * takes no space tells a metric from a parameter of the same name, and carries the unit and the
 * scale of a series whose visible name is the run's.
 */
final class Markers {

  /** Before a column of the runs table that holds a metric. */
  static final String METRIC_COLUMN = "\u200b";

  /** Before a column of the runs table that holds a parameter. */
  static final String PARAMETER_COLUMN = "\u200c";

  /** At the end of a series that is drawn on a logarithmic axis. */
  static final String LOG_SCALE = "\u200b";

  /** In a series of fractions, shown as per cent. */
  static final String PERCENT = "\u200c";

  /** In a series of milliseconds. */
  static final String MILLISECONDS = "\u200d";

  /** In a series that needs scientific notation. */
  static final String SCIENTIFIC = "\u2060";

  /** Before a parameter value that differs between the compared runs. */
  static final String DIFFERS = "\u200b";

  private Markers() {}
}
