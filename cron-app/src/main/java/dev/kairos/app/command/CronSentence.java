package dev.kairos.app.command;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.util.Locale;
import java.util.Optional;

/**
 * The sentence that cron-utils has for an expression; loaded only where a person is told what was understood. It is
 * asked only for what it tells truly: it keeps silent about the range of {@code 9-17/2}, says "every 7 minutes" of a
 * step that starts again each hour, and of days and months it makes "at Monday day".
 */
final class CronSentence {
    private CronSentence() {}

    /** The sentence, or empty for an expression the library does not know or would tell wrongly. */
    static Optional<String> of(String expression) {
        if (!isToldTruly(expression.split(" "))) {
            return Optional.empty();
        }
        try {
            CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
            String words = CronDescriptor.instance(Locale.UK).describe(parser.parse(expression));
            return words == null || words.isBlank()
                    ? Optional.empty()
                    : Optional.of(Character.toUpperCase(words.charAt(0)) + words.substring(1));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isToldTruly(String[] fields) {
        boolean everyDay =
                fields.length == 5 && fields[2].equals("*") && fields[3].equals("*") && fields[4].equals("*");
        return everyDay && hasEvenStep(fields[0], 60) && hasEvenStep(fields[1], 24);
    }

    /** No step, or one that starts at zero and divides the hour or the day. */
    private static boolean hasEvenStep(String field, int whole) {
        if (field.indexOf('/') < 0) {
            return true;
        }
        String step = field.substring(field.indexOf('/') + 1);
        return field.startsWith("*/") && step.matches("[1-9][0-9]?") && whole % Integer.parseInt(step) == 0;
    }
}
