package dev.kairos.builtin;

import dev.kairos.api.TickReport;

/**
 * A pass that claims a little ahead of time, for a provider that passes again by itself when the report says. The built-in
 * ticker's alone. Status: internal.
 */
interface AheadTicks {
    /** See {@link dev.kairos.orchestrator.Orchestrator#tickAhead}. */
    TickReport tickAhead();
}
