/**
 * The OpenTelemetry extension: takes the events of training runs and the lines of their logs out of
 * the SDK, journals them, and delivers them by OTLP.
 *
 * <p>Start with {@link dev.telestep.agent.TelestepCustomizerProvider}, which wires the parts:
 * {@link dev.telestep.agent.TrainingProcessor} takes records in, {@link dev.telestep.agent.Sender}
 * sends them out, {@link dev.telestep.agent.journal.Journal} lies between.
 */
@NullMarked
package dev.telestep.agent;

import org.jspecify.annotations.NullMarked;
