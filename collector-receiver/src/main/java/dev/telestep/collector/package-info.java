/**
 * What every transport feeds: unpacks, decodes, checks, stores, and owns every counter. Start with
 * {@link dev.telestep.collector.Collector}.
 */
@NullMarked
package dev.telestep.collector;

import org.jspecify.annotations.NullMarked;
