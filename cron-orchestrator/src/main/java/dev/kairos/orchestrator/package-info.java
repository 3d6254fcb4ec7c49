/** Firing: the one place where a due job is claimed, run, recorded and delivered. */
@NullMarked
package dev.kairos.orchestrator;

import org.jspecify.annotations.NullMarked;
