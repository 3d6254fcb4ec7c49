package dev.kairos.app.terminal;

/**
 * How many columns a text takes on a terminal, and how to cut it without tearing a character apart. Combining marks
 * and joined emoji belong to the character before them. Safe for any thread.
 *
 * <p>Status: internal.
 */
public final class TextWidth {
    private static final int JOINER = 0x200D;
    private static final String ELLIPSIS = "…";

    /** First and last code point of each block that takes two columns. */
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3, 0x25FD, 0x25FE,
        0x2614, 0x2615, 0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE,
        0x26C4, 0x26C5, 0x26CE, 0x26CE, 0x26D4, 0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA,
        0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755,
        0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55,
        0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xA000, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3,
        0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x1F004, 0x1F004, 0x1F0CF,
        0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F1E6, 0x1F1FF, 0x1F200, 0x1F320, 0x1F32D, 0x1F335, 0x1F337,
        0x1F37C, 0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0, 0x1F3F4, 0x1F3F4, 0x1F3F8,
        0x1F43E, 0x1F440, 0x1F440, 0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A,
        0x1F57A, 0x1F595, 0x1F596, 0x1F5A4, 0x1F5A4, 0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0,
        0x1F6D2, 0x1F6D5, 0x1F6D7, 0x1F6DC, 0x1F6DF, 0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7EB, 0x1F7F0,
        0x1F7F0, 0x1F90C, 0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1F9FF, 0x1FA70, 0x1FAFF, 0x20000, 0x3FFFD
    };

    private TextWidth() {}

    /** The columns the text takes. Control characters count nothing; see {@link #plain}. */
    public static int of(String text) {
        int width = 0;
        int at = 0;
        while (at < text.length()) {
            int end = clusterEnd(text, at);
            width += columns(text.codePointAt(at));
            at = end;
        }
        return width;
    }

    /** The text in at most {@code columns} columns, the last one an ellipsis if something was cut. */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        int width = 0;
        int at = 0;
        while (at < text.length()) {
            int next = columns(text.codePointAt(at));
            if (width + next > columns - 1) {
                break;
            }
            width += next;
            at = clusterEnd(text, at);
        }
        return text.substring(0, at).stripTrailing() + ELLIPSIS;
    }

    /** The text followed by blanks up to {@code columns}. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    /**
     * The text on one line and without anything that moves a terminal's cursor or turns the reading direction: line
     * breaks and tabs become a blank, other control characters a question mark.
     */
    public static String plain(String text) {
        int at = 0;
        while (at < text.length() && !isUnruly(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length()).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            plain.append(!isUnruly(c) ? c : c == '\n' || c == '\t' || c == '\r' ? ' ' : '?');
        }
        return plain.toString();
    }

    private static boolean isUnruly(char c) {
        return c < ' ' || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    private static int clusterEnd(String text, int start) {
        int first = text.codePointAt(start);
        int at = start + Character.charCount(first);
        boolean halfFlag = isFlagHalf(first);
        while (at < text.length()) {
            int next = text.codePointAt(at);
            if (next == JOINER && at + 1 < text.length()) {
                at += 1 + Character.charCount(text.codePointAt(at + 1));
            } else if (columns(next) == 0 || isSkinTone(next)) {
                at += Character.charCount(next);
            } else if (halfFlag && isFlagHalf(next)) {
                at += Character.charCount(next);
                halfFlag = false;
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isFlagHalf(int codePoint) {
        return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
    }

    private static boolean isSkinTone(int codePoint) {
        return codePoint >= 0x1F3FB && codePoint <= 0x1F3FF;
    }

    private static int columns(int codePoint) {
        if (codePoint < 0x300) {
            return codePoint < ' ' || (codePoint >= 0x7F && codePoint < 0xA0) ? 0 : 1;
        }
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    private static boolean isWide(int codePoint) {
        int low = 0;
        int high = WIDE.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (codePoint < WIDE[2 * middle]) {
                high = middle - 1;
            } else if (codePoint > WIDE[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
