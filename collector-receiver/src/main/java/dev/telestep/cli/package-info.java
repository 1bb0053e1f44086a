/**
 * The command line {@code telestep}. {@code serve} starts the receiver; every other command asks a
 * running one over HTTP. Start with {@link dev.telestep.cli.Telestep}.
 */
@NullMarked
package dev.telestep.cli;

import org.jspecify.annotations.NullMarked;
