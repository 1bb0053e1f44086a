/**
 * Whole-process benchmarks: {@link dev.telestep.benchmarks.LogCost} under the real agent, {@link
 * dev.telestep.benchmarks.IngestRate} against the real receiver. {@code examples/bin/benchmark}
 * runs them.
 */
@NullMarked
package dev.telestep.benchmarks;

import org.jspecify.annotations.NullMarked;
