/**
 * What a request says about runs, free of any transport and any database.
 *
 * <p>Decoders produce these values and stores accept them. Start with {@link
 * dev.telestep.model.WriteRequest}.
 */
@NullMarked
package dev.telestep.model;

import org.jspecify.annotations.NullMarked;
