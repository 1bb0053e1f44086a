/**
 * The receiver as a process: settings, transports, the HTTP API and what they run on. Transports
 * only hand bytes to {@link dev.telestep.collector.Collector}. Start with {@link
 * dev.telestep.server.Receiver}.
 */
@NullMarked
package dev.telestep.server;

import org.jspecify.annotations.NullMarked;
