/**
 * End-to-end tests: the built jars as separate processes, as a user runs them. {@link
 * dev.telestep.e2e.Receiver} and {@link dev.telestep.e2e.Training} start them.
 */
@NullMarked
package dev.telestep.e2e;

import org.jspecify.annotations.NullMarked;
