package dev.kairos.orchestrator.schedule;

import java.util.ArrayList;
import java.util.List;

/** Reads the five fields of a cron expression. Linear in the text's length. */
final class CronText {
    private CronText() {}

    /**
     * Reads an expression of plain ASCII.
     *
     * @throws InvalidScheduleException when it has not five fields, a field is wrong, or it can never fire
     */
    static CronFields read(String text) {
        String checked = ScheduleText.checked(text);
        List<String> tokens = tokens(checked);
        if (tokens.size() != 5) {
            throw wrongCount(checked, tokens);
        }
        var masks = new CronMasks();
        var canonical = new StringBuilder();
        for (CronField field : CronField.values()) {
            if (field.ordinal() > 0) {
                canonical.append(' ');
            }
            new CronFieldText(field, tokens.get(field.ordinal()), masks).read(canonical);
        }
        var fields = new CronFields(canonical.toString(), masks);
        if (!fields.everFires()) {
            throw ScheduleText.refusal(
                    checked,
                    "no date matches it, so it would never fire",
                    "check day-of-month against month; for the last day of February write \"0 0 L 2 *\"");
        }
        return fields;
    }

    static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean blank = i == text.length() || text.charAt(i) == ' ';
            if (!blank && start < 0) {
                start = i;
            } else if (blank && start >= 0) {
                tokens.add(text.substring(start, i));
                start = -1;
            }
        }
        return tokens;
    }

    private static InvalidScheduleException wrongCount(String text, List<String> tokens) {
        int count = tokens.size();
        if (count == 6 || count == 7) {
            return ScheduleText.refusal(
                    text,
                    "it has " + count + " fields; a cron expression has five, and seconds are not part of unix cron",
                    "leave the seconds out, for example \"0 9 * * *\"; for seconds write \"every 30s\"");
        }
        return ScheduleText.refusal(
                text,
                "it has " + count + (count == 1 ? " field" : " fields") + "; a cron expression has five",
                "write minute, hour, day-of-month, month and day-of-week, for example \"0 9 * * MON-FRI\"");
    }
}
