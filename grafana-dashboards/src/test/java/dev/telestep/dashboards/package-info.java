/** Tests of the generated files. */
@NullMarked
package dev.telestep.dashboards;

import org.jspecify.annotations.NullMarked;
