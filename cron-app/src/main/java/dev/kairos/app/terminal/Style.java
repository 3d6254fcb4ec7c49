package dev.kairos.app.terminal;

/**
 * Colour for a few words, where colour is wanted. Immutable.
 *
 * <p>Status: internal.
 */
public final class Style {
    private final boolean colour;

    /** A style that colours or leaves everything plain. */
    public Style(boolean colour) {
        this.colour = colour;
    }

    /** A title or heading. */
    public String strong(String text) {
        return paint("1", text);
    }

    /** What matters less. */
    public String faint(String text) {
        return paint("2", text);
    }

    /** What went well. */
    public String good(String text) {
        return paint("32", text);
    }

    /** What deserves a look. */
    public String odd(String text) {
        return paint("33", text);
    }

    /** What failed. */
    public String bad(String text) {
        return paint("31", text);
    }

    /** A state's, outcome's or delivery's word in its colour; the word may be padded. */
    public String word(String text) {
        switch (text.strip()) {
            case "ok":
            case "delivered":
            case "healthy":
                return good(text);
            case "error":
            case "failed":
            case "timed_out":
            case "blocked_config":
                return bad(text);
            case "paused":
            case "unknown":
            case "skipped":
            case "cancelled":
            case "retry":
            case "retrying":
                return odd(text);
            case "completed":
            case "none":
            case "suppressed":
                return faint(text);
            default:
                return text;
        }
    }

    private String paint(String code, String text) {
        return colour && !text.isBlank() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
