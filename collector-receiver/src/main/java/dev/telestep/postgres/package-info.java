/**
 * A PostgreSQL server of our own for installations that bring none: unpacked, initialised, started
 * and stopped inside the data directory. Start with {@link dev.telestep.postgres.EmbeddedPostgres}.
 */
@NullMarked
package dev.telestep.postgres;

import org.jspecify.annotations.NullMarked;
