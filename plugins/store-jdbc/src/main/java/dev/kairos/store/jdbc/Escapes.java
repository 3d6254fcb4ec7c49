package dev.kairos.store.jdbc;

/**
 * Text for a database that keeps neither NUL nor half of a surrogate pair: each such character is written as an escape
 * character and its code, so that what is read is what was written.
 */
final class Escapes {
    /** Data link escape: rare in texts, and escaped itself. */
    private static final char ESCAPE = '\u0010';

    private static final int DIGITS = 4;

    private Escapes() {}

    static String write(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (mustEscape(text, i)) {
                return written(text);
            }
        }
        return text;
    }

    private static String written(String text) {
        StringBuilder written = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            if (mustEscape(text, i)) {
                written.append(ESCAPE).append(String.format("%04x", (int) text.charAt(i)));
            } else {
                written.append(text.charAt(i));
            }
        }
        return written.toString();
    }

    private static boolean mustEscape(String text, int at) {
        char c = text.charAt(at);
        if (c == 0 || c == ESCAPE) {
            return true;
        }
        if (!Character.isSurrogate(c)) {
            return false;
        }
        boolean isPair = Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        return !isPair;
    }

    static String read(String written) {
        int at = written.indexOf(ESCAPE);
        if (at < 0) {
            return written;
        }
        StringBuilder text = new StringBuilder(written.length());
        int from = 0;
        while (at >= 0) {
            int end = at + 1 + DIGITS;
            text.append(written, from, at).append((char) Integer.parseInt(written, at + 1, end, 16));
            from = end;
            at = written.indexOf(ESCAPE, from);
        }
        return text.append(written, from, written.length()).toString();
    }
}
