package dev.kairos.orchestrator.schedule;

/** Reads a time of day in lower case: {@code 9am}, {@code 9:30pm}, {@code 17:30}, {@code 7}. */
final class ClockText {
    private static final String ACCEPTED = "write for example \"9am\", \"9:30pm\", \"17:30\", \"noon\" or \"midnight\"";

    private final String given;
    private final String text;
    private int at;

    /**
     * @param given the whole schedule, for the message
     * @param text the time
     */
    ClockText(String given, String text) {
        this.given = given;
        this.text = text;
    }

    /** Minutes since midnight. */
    int read() {
        int hour = number("hour");
        int minute = 0;
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            int start = at;
            minute = number("minute");
            if (at - start != 2) {
                throw refused("the minute needs two digits");
            }
            if (at < text.length() && text.charAt(at) == ':') {
                throw refused("seconds are not part of a cron schedule");
            }
        }
        if (minute > 59) {
            throw refused("minute " + minute + " is out of range: 0 to 59");
        }
        return hour24(hour) * 60 + minute;
    }

    private int hour24(int hour) {
        String tail = text.substring(at);
        if (tail.isEmpty()) {
            if (hour > 23) {
                throw refused("hour " + hour + " is out of range: 0 to 23");
            }
            return hour;
        }
        if (!tail.equals("am") && !tail.equals("pm")) {
            throw refused("\"" + text + "\" is no time of day");
        }
        if (hour < 1 || hour > 12) {
            throw refused("hour " + hour + " is out of range with " + tail + ": 1 to 12");
        }
        return hour % 12 + (tail.equals("pm") ? 12 : 0);
    }

    private int number(String what) {
        int start = at;
        int number = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - start < 3) {
            number = number * 10 + text.charAt(at++) - '0';
        }
        if (at == start) {
            throw refused(what.equals("hour") ? "\"" + text + "\" is no time of day" : "the minute is missing");
        }
        return number;
    }

    private InvalidScheduleException refused(String reason) {
        return ScheduleText.refusal(given, reason, ACCEPTED);
    }
}
