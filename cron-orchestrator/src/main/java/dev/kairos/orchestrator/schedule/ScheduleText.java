package dev.kairos.orchestrator.schedule;

/** Checks a person's text once, so that everything after it reads plain ASCII. Linear in the text's length. */
final class ScheduleText {
    static final String WHERE = "schedule";
    static final int LONGEST = 1_000;
    static final String FORMS = "write for example \"every 2h\", \"30m\", \"0 9 * * MON-FRI\", \"weekdays at 9am\","
            + " \"@daily\" or \"2027-01-15T09:00:00\"";

    private static final int SHOWN = 80;

    private ScheduleText() {}

    /** The text trimmed, tabs as blanks, or a refusal. */
    static String checked(String text) {
        String trimmed = trimmed(text);
        if (trimmed.isEmpty()) {
            throw refusal("", "it is empty", FORMS);
        }
        if (trimmed.length() > LONGEST) {
            throw refusal(trimmed, "it is longer than 1,000 characters", FORMS);
        }
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            if (c < ' ' || c > '~') {
                throw refusal(trimmed, foreign(trimmed.codePointAt(i)), hint(trimmed.codePointAt(i)));
            }
        }
        return trimmed;
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to).replace('\t', ' ');
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static String foreign(int codePoint) {
        String code = String.format("U+%04X", codePoint);
        if (codePoint < ' ' || codePoint >= 0x7F && codePoint < 0xA0) {
            return "it contains the control character " + code;
        }
        String shown = Character.toString(codePoint);
        if (Character.isDigit(codePoint)) {
            return "the digit \"" + shown + "\" (" + code + ") is not one of 0 to 9";
        }
        if (Character.getType(codePoint) == Character.DASH_PUNCTUATION || codePoint == 0x2212) {
            return "the dash \"" + shown + "\" (" + code + ") is not the hyphen \"-\"";
        }
        if (Character.isSpaceChar(codePoint) || Character.getType(codePoint) == Character.FORMAT) {
            return "the invisible character " + code + " is not a plain space";
        }
        return "the character \"" + shown + "\" (" + code + ") has no meaning in a schedule";
    }

    private static String hint(int codePoint) {
        if (Character.isDigit(codePoint)) {
            return "write digits as 0 to 9, for example \"0 9 * * *\"";
        }
        if (Character.getType(codePoint) == Character.DASH_PUNCTUATION || codePoint == 0x2212) {
            return "write ranges with a plain hyphen, for example \"0 9 * * MON-FRI\"";
        }
        return "type the schedule again in plain characters, for example \"0 9 * * *\" or \"every 2h\"";
    }

    /** The text as it may stand in a message: one line, at most 80 characters, nothing invisible. */
    static String shown(String text) {
        var shown = new StringBuilder();
        int end = Math.min(text.length(), SHOWN);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' '
                    || c >= 0x7F && c < 0xA0
                    || Character.getType(c) == Character.FORMAT
                    || c > '~' && Character.isSpaceChar(c)
                    || Character.isSurrogate(c)) {
                shown.append(String.format("\\u%04X", (int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > SHOWN ? shown + "..." : shown.toString();
    }

    static InvalidScheduleException refusal(String given, String reason, String accepted) {
        return new InvalidScheduleException(WHERE, given, reason, accepted);
    }
}
