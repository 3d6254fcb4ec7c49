package dev.kairos.orchestrator.delivery;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether a successful message asks not to be delivered. Status: internal. */
final class Silence {
    private static final String BRACKETED = "[SILENT]";
    private static final Set<String> MARKERS = Set.of(BRACKETED, "SILENT", "NO_REPLY");

    private Silence() {}

    /**
     * Judges a successful run's message: a marker as its whole text, first line or last line, in any case, or {@code
     * [SILENT]} at its very beginning. An empty message is silent whatever is allowed.
     *
     * @param allowed the job's {@code allow_silent}
     * @return why nothing is to be delivered, for the ledger; empty to deliver
     */
    public static Optional<String> of(String message, boolean allowed) {
        String text = message.strip();
        if (text.isEmpty()) {
            return Optional.of("silent: empty output");
        }
        if (!allowed) {
            return Optional.empty();
        }
        return isMarked(text) ? Optional.of("silent: marker") : Optional.empty();
    }

    private static boolean isMarked(String text) {
        int first = text.indexOf('\n');
        int last = text.lastIndexOf('\n');
        return text.regionMatches(true, 0, BRACKETED, 0, BRACKETED.length())
                || isMarker(first < 0 ? text : text.substring(0, first))
                || isMarker(text.substring(last + 1));
    }

    private static boolean isMarker(String line) {
        String word = line.strip();
        return word.length() <= BRACKETED.length() && MARKERS.contains(word.toUpperCase(Locale.ROOT));
    }
}
