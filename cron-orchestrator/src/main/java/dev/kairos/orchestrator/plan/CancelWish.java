package dev.kairos.orchestrator.plan;

import dev.kairos.api.ledger.Execution;

/** Somebody's wish that a run in progress ends: it stands in the reason of the row until its owner ends it. Status: internal. */
public final class CancelWish {
    private static final String WORD = "cancel_asked";

    private CancelWish() {}

    /** The reason of a row that is asked to end. */
    public static String reason(Execution row, String why) {
        return WORD + ": " + why + row.reason().map(before -> "; " + before).orElse("");
    }

    /** The reason of a row that has ended since, in words: nobody takes it for a wish any more. */
    static String told(String reason) {
        return reason.startsWith(WORD + ": ") ? "cancel " + reason.substring(WORD.length() + 2) : reason;
    }

    /** Whether somebody asked the row's owner to end the run. */
    public static boolean isIn(Execution row) {
        return row.status().isOwned()
                && row.reason().filter(text -> text.startsWith(WORD)).isPresent();
    }
}
