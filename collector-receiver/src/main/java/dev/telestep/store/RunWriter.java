package dev.telestep.store;

import dev.telestep.model.WriteRequest;
import java.util.concurrent.CompletableFuture;

/** The write side of the run store. */
public interface RunWriter {

  /**
   * Stores a request. The future completes when everything in it is durable, so a caller may
   * acknowledge the request then. Writing a request again changes nothing.
   *
   * <p>Never blocks. The future fails with {@link StoreException}: {@link
   * StoreException.Reason#BUSY} when the queue is full, {@link StoreException.Reason#UNAVAILABLE}
   * when the database cannot be reached; the caller may retry both.
   */
  CompletableFuture<Void> write(WriteRequest request);
}
