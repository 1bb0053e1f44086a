package dev.telestep.agent;

import dev.telestep.agent.journal.OrphanJournal;
import dev.telestep.agent.journal.ProcessDirectory;
import dev.telestep.semconv.RunStatus;
import dev.telestep.semconv.TrainingEvents.BodyKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a dead process left: its entries, and the attempts that it never ended. Everything still
 * there is read, what was delivered only to learn when the attempts were heard of last.
 */
final class Orphan {

  /** File of a process directory that holds the attributes of the process's resource. */
  static final String RESOURCE_FILE = "resource";

  /** Begin of the names of files that hold the start of an attempt that has not ended. */
  static final String RUN_FILE_PREFIX = "run-";

  private final ProcessDirectory directory;
  private final OrphanJournal journal;
  private final long delivered;
  private final Mapper mapper;
  private final Map<RunIdentity, Long> openSince = new LinkedHashMap<>();
  private final Map<RunIdentity, Long> rows = new LinkedHashMap<>();

  private Orphan(
      ProcessDirectory directory, OrphanJournal journal, long delivered, Resource resource) {
    this.directory = directory;
    this.journal = journal;
    this.delivered = delivered;
    this.mapper = new Mapper(resource, 0);
  }

  static Orphan open(ProcessDirectory directory) throws IOException {
    byte[] resource = directory.read(RESOURCE_FILE);
    Orphan orphan =
        new Orphan(
            directory,
            OrphanJournal.openFromStart(directory),
            OrphanJournal.open(directory).position(),
            resource == null
                ? Resource.empty()
                : Resource.create(new EntryDecoder(resource).attributes()));
    for (byte[] start : directory.readAll(RUN_FILE_PREFIX)) {
      try {
        orphan.see(EntryDecoder.decode(start));
      } catch (RuntimeException e) {
        // Half a file, of a start that was journalled as well if it was recorded at all.
      }
    }
    return orphan;
  }

  /** Delivers some of it; false when it gave up, or when nothing is left. */
  boolean deliverSome(Delivery delivery, Quarantine quarantine) throws IOException {
    Batch batch =
        Batch.read(
            journal,
            quarantine,
            (entry, position) -> {
              see(entry);
              return position > delivered;
            });
    if (!batch.isEmpty()) {
      if (!delivery.deliver(batch.entries, mapper)) {
        return false;
      }
      journal.acknowledge(Math.max(delivered, batch.position));
      return true;
    }
    if (delivery.deliver(ends(), mapper)) {
      directory.delete();
    }
    return false;
  }

  /** Lets go of what was not delivered. */
  void release() throws IOException {
    directory.release();
  }

  private void see(Entry entry) {
    if (entry.kind == Entry.Kind.END) {
      openSince.remove(entry.run);
    } else if (entry.kind == Entry.Kind.START || openSince.containsKey(entry.run)) {
      openSince.merge(entry.run, entry.time, Math::max);
    }
    if (entry.row != Entry.NONE) {
      rows.merge(entry.run, entry.row, Math::max);
    }
  }

  private List<Entry> ends() {
    List<Entry> ends = new ArrayList<>();
    openSince.forEach(
        (run, last) -> {
          List<KeyValue> body = new ArrayList<>();
          body.add(KeyValue.of(BodyKey.STATUS, Value.of(RunStatus.FAILED)));
          Long count = rows.get(run);
          if (count != null) {
            body.add(KeyValue.of(BodyKey.ROWS, Value.of(count.longValue())));
          }
          ends.add(
              Entry.of(
                  Entry.Kind.END,
                  run,
                  last + 1,
                  Value.of(body.toArray(new KeyValue[0])),
                  Attributes.builder()
                      .put("exception.message", "process died without ending the run")
                      .build()));
        });
    return ends;
  }
}
