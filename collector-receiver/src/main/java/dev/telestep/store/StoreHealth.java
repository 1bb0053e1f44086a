package dev.telestep.store;

import org.jspecify.annotations.Nullable;

/** Answers whether the store can be used now. */
public interface StoreHealth {

  /** Null when the store works, else the reason in one sentence. May take some seconds. */
  @Nullable String check();
}
