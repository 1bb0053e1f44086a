/**
 * Checks dashboards without a Grafana: takes the queries out of the JSON, fills in variables and
 * macros as Grafana does, and says what a panel needs of a result.
 *
 * <p>Start with {@link dev.telestep.dashboards.check.DashboardRun}, which does all of it against a
 * database; {@link dev.telestep.dashboards.check.DashboardLint} needs none.
 */
@NullMarked
package dev.telestep.dashboards.check;

import org.jspecify.annotations.NullMarked;
