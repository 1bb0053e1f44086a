/**
 * The public API of Telestep: what a training program calls to record its run.
 *
 * <p>Every call becomes one OpenTelemetry log record (an event); nothing else is needed at run time
 * than opentelemetry-api, and without an OpenTelemetry SDK nothing happens. Start with {@link
 * dev.telestep.Telestep} and {@link dev.telestep.Run}.
 */
@NullMarked
package dev.telestep;

import org.jspecify.annotations.NullMarked;
