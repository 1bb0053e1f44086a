/**
 * A journal of byte entries that survives the death of its process.
 *
 * <p>Entries are appended to memory-mapped segment files, read back in order, and deleted once they
 * are acknowledged. Nothing here knows what an entry says. Start with {@link
 * dev.telestep.agent.journal.Journal}; {@link dev.telestep.agent.journal.ProcessDirectory} says
 * what lies where.
 */
@NullMarked
package dev.telestep.agent.journal;

import org.jspecify.annotations.NullMarked;
