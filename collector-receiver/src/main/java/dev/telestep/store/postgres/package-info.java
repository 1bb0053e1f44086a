/**
 * The run store on PostgreSQL 15 or newer.
 *
 * <p>Start with {@link dev.telestep.store.postgres.PostgresStore}. A write goes {@code
 * PostgresRunWriter} (queue) → {@code Committer} (takes everything queued, handles failures) →
 * {@code GroupCommit} (one transaction). What SQL can decide at read (the last write of an
 * identity, superseding, the step of a point without one) is decided by the views in {@code
 * db/migration}, once for all readers; {@code SummaryRefresher} uses the same views where a summary
 * cannot be carried forward.
 */
@NullMarked
package dev.telestep.store.postgres;

import org.jspecify.annotations.NullMarked;
