/** The rules of firing as pure functions: what is due, what is missed, what overlaps, what follows a run. */
@NullMarked
package dev.kairos.orchestrator.plan;

import org.jspecify.annotations.NullMarked;
