package dev.kairos.provider.chronos;

import java.util.Objects;

/** The secret that outbound calls carry. Its text shows in no log and no message: {@link #toString} hides it. */
final class BearerToken {
    private final String text;

    private BearerToken(String text) {
        this.text = text;
    }

    /** Whether the text can stand in a header: visible ASCII, no space. */
    static boolean isLegal(String text) {
        return !text.isEmpty() && text.length() <= 8_192 && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    /** A legal text as a token. */
    static BearerToken of(String text) {
        if (!isLegal(text)) {
            throw new IllegalArgumentException("no legal bearer token");
        }
        return new BearerToken(text);
    }

    /** The value of the header {@code Authorization}. */
    String header() {
        return "Bearer " + text;
    }

    /** The words of somebody else without the token, should they hold it. */
    String hiddenIn(String words) {
        return words.replace(text, toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BearerToken token && token.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text);
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
