package dev.telestep.otlp;

import dev.telestep.model.RunRecord;
import dev.telestep.model.RunWrite;
import java.util.TreeMap;

/** A decoded request as text, for golden files and for assertions that show what differs. */
final class Dump {

  private Dump() {}

  static String of(Decoded decoded) {
    StringBuilder out = new StringBuilder();
    for (RunWrite run : decoded.request().runs()) {
      out.append(of(run));
    }
    out.append("points ").append(decoded.points());
    out.append(", rows ").append(decoded.rows());
    out.append(", log lines ").append(decoded.logLines());
    out.append(", ignored ").append(decoded.ignored());
    out.append(", rejected ").append(decoded.rejected()).append('\n');
    if (!decoded.message().isEmpty()) {
      out.append(decoded.message().replace("; ", "\n")).append('\n');
    }
    return out.toString();
  }

  static String of(RunWrite run) {
    StringBuilder out = new StringBuilder("run " + run.runId() + " attempt " + run.attempt());
    out.append('\n');
    for (RunRecord record : run.records()) {
      if (record instanceof RunRecord.Numbers numbers) {
        out.append(of(numbers));
      } else if (record instanceof RunRecord.Info info) {
        out.append("  Info[").append(info.name()).append(", ").append(info.project());
        out.append(", ").append(info.group()).append(", ").append(info.tags()).append(", ");
        out.append(new TreeMap<>(info.resource())).append(", ").append(info.time()).append("]\n");
      } else {
        out.append("  ").append(record.toString().replace("\n", "\\n")).append('\n');
      }
    }
    return out.toString();
  }

  private static String of(RunRecord.Numbers numbers) {
    StringBuilder out = new StringBuilder("  " + numbers.series() + "\n");
    for (int i = 0; i < numbers.values().length; i++) {
      long step = numbers.steps()[i];
      out.append("    step ").append(step == RunRecord.NO_STEP ? "none" : Long.toString(step));
      out.append(" time ").append(numbers.times()[i]);
      out.append(" value ").append(numbers.values()[i]).append('\n');
    }
    return out.toString();
  }
}
