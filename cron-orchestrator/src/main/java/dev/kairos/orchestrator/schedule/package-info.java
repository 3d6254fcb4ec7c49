/** What a person may write as a schedule, and the engine that computes its instants. */
@NullMarked
package dev.kairos.orchestrator.schedule;

import org.jspecify.annotations.NullMarked;
