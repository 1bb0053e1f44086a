package dev.telestep.agent;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;

/** One journalled fact: an event of a run or a line of its log. */
final class Entry {

  /** Stands for "no step" and "no row number". */
  static final long NONE = Long.MIN_VALUE;

  final Kind kind;
  final RunIdentity run;
  final long time;
  final long step;
  final long row;
  final boolean overwrite;
  final boolean singleValue;
  final int severity;
  final String severityText;
  final String scope;
  final Value<?> body;
  final Attributes attributes;

  Entry(
      Kind kind,
      RunIdentity run,
      long time,
      long step,
      long row,
      boolean overwrite,
      boolean singleValue,
      int severity,
      String severityText,
      String scope,
      Value<?> body,
      Attributes attributes) {
    this.kind = kind;
    this.run = run;
    this.time = time;
    this.step = step;
    this.row = row;
    this.overwrite = overwrite;
    this.singleValue = singleValue;
    this.severity = severity;
    this.severityText = severityText;
    this.scope = scope;
    this.body = body;
    this.attributes = attributes;
  }

  /** An entry without the parts that only rows and lines have. */
  static Entry of(Kind kind, RunIdentity run, long time, Value<?> body, Attributes attributes) {
    return new Entry(kind, run, time, NONE, NONE, false, false, 0, "", "", body, attributes);
  }

  @Override
  public String toString() {
    return time
        + " "
        + kind
        + " "
        + run
        + (step == NONE ? "" : " step " + step)
        + (row == NONE ? "" : " row " + row)
        + " "
        + body.asString()
        + " "
        + attributes;
  }

  /** What an entry is; the codes stand in journals of earlier versions and never change. */
  enum Kind {
    METRICS(1),
    PARAMETERS(2),
    PROGRESS(3),
    START(4),
    END(5),
    LINE(6);

    final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("unknown kind of entry in the journal: " + code);
    }
  }
}
