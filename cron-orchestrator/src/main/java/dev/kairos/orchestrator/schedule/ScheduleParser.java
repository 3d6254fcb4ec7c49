package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a schedule as a person writes it: a delay ({@code 30m}, {@code in 2h}), an interval ({@code every 90s}), a
 * five-field cron expression, a macro ({@code @daily}), a day phrase ({@code weekdays at 9am}) or a timestamp, each with
 * an optional zone prefix ({@code CRON_TZ=Europe/Warsaw}). Keywords and names are case-insensitive.
 *
 * <p>Pure, and linear in the text's length for any input: there is no regular expression and nothing is tried twice.
 *
 * <p>Status: experimental since 0.1.
 */
public final class ScheduleParser {
    private static final Map<String, String> MACROS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private final ScheduleContext context;
    private final String given;
    private String text;
    private ZoneId zone;

    private ScheduleParser(String given, ScheduleContext context) {
        this.context = context;
        this.given = given;
        this.text = given;
        this.zone = context.zone();
    }

    /**
     * Reads a text.
     *
     * @param text what the person wrote; at most 1,000 characters beside the blanks around it
     * @param context the present and the zone it is read against
     * @return the rule, and what the person should be told beside it
     * @throws InvalidScheduleException when it is not accepted; names the field, the text, the reason and a right example
     */
    public static ParsedSchedule parse(String text, ScheduleContext context) {
        return new ScheduleParser(ScheduleText.checked(text), context).read();
    }

    private ParsedSchedule read() {
        takeZonePrefix();
        String lower = text.toLowerCase(Locale.ROOT);
        char first = lower.charAt(0);
        if (first == '@') {
            return cron(macro(lower));
        }
        if (TimestampText.looksLike(text)) {
            return new TimestampText(given, text).read(zone, context.now());
        }
        if (looksLikeCron(lower)) {
            return cron(text);
        }
        if (lower.equals("every") || lower.equals("in")) {
            throw ScheduleText.refusal(
                    given, "it does not say " + (first == 'e' ? "how often" : "how long"), ScheduleText.FORMS);
        }
        if (lower.startsWith("every ")) {
            return every(lower.substring(6).trim());
        }
        if (lower.startsWith("in ")) {
            return delay(lower.substring(3).trim());
        }
        if (isDigit(first) && lower.indexOf('.') != lower.lastIndexOf('.')) {
            throw ScheduleText.refusal(given, "a date is written year-month-day", ScheduleText.FORMS);
        }
        if (isDigit(first) || first == '-' || first == '+' || first == '.' || isIsoDuration(lower)) {
            return delay(lower);
        }
        if (MACROS.containsKey("@" + lower) && !lower.equals("daily")) { // which more often lacks its time
            throw ScheduleText.refusal(
                    given, "it lacks its @; did you mean @" + lower + "?", "write \"@" + lower + "\"");
        }
        return words(lower);
    }

    private void takeZonePrefix() {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("CRON_TZ=") && !upper.startsWith("TZ=")) {
            return;
        }
        int end = text.indexOf(' ');
        String id = text.substring(text.indexOf('=') + 1, end < 0 ? text.length() : end);
        ZoneId named = ScheduleZones.parse(id, ScheduleText.WHERE + ", zone prefix");
        if (end < 0) {
            throw ScheduleText.refusal(
                    given,
                    "a schedule is missing after the zone",
                    "write for example \"CRON_TZ=" + named.getId() + " 0 9 * * *\"");
        }
        context.jobZone().filter(own -> !own.equals(named)).ifPresent(own -> {
            throw ScheduleText.refusal(
                    given,
                    "its zone " + named.getId() + " contradicts the job's timezone " + own.getId(),
                    "leave one of the two out, for example write \"0 9 * * *\" beside timezone " + own.getId());
        });
        zone = named;
        text = text.substring(end).trim();
    }

    private String macro(String lower) {
        String expression = MACROS.get(lower);
        if (expression != null) {
            return expression;
        }
        if (lower.equals("@reboot")) {
            throw ScheduleText.refusal(
                    given,
                    "a start of the machine is not a moment in time",
                    "let the service that starts \"kairos serve\" start it too (systemd: ExecStartPost=), or write"
                            + " \"@daily\"");
        }
        if (lower.startsWith("@every ")) {
            throw ScheduleText.refusal(
                    given, "@every is no macro here", "write it without @, for example \"every 5m\"");
        }
        throw ScheduleText.refusal(
                given,
                "it is no macro it knows",
                "use @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually");
    }

    /** A star stands in nothing else; without one, two fields in a row that begin with a digit tell it. */
    private static boolean looksLikeCron(String lower) {
        if (lower.indexOf('*') >= 0 || lower.indexOf('?') >= 0) {
            return true;
        }
        List<String> tokens = CronText.tokens(lower);
        if (!isDigit(lower.charAt(0)) || !isFieldText(tokens.get(0))) {
            return false;
        }
        if (tokens.size() == 1) {
            return lower.indexOf('/') >= 0 || lower.indexOf(',') >= 0;
        }
        return isDigit(tokens.get(1).charAt(0)) && isFieldText(tokens.get(1));
    }

    private static boolean isFieldText(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (!isDigit(c) && c != ',' && c != '-' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private ParsedSchedule cron(String expression) {
        return plain(Schedule.cron(CronText.read(expression).text(), zone));
    }

    private ParsedSchedule every(String rest) {
        int atWord = rest.indexOf(" at ");
        String period = atWord < 0 ? rest : rest.substring(0, atWord).trim();
        Optional<Duration> one = DurationWords.ofUnitWord(rest);
        if (one.isPresent()) {
            return plain(Schedule.interval(one.get(), zone));
        }
        boolean isDuration = !rest.isEmpty()
                && (isDigit(rest.charAt(0)) || "-+.".indexOf(rest.charAt(0)) >= 0 || isIsoDuration(rest));
        if (!isDuration) {
            return words(rest);
        }
        Duration every = new DurationWords(given, period).read();
        if (atWord < 0) {
            return plain(Schedule.interval(every, zone));
        }
        if (!every.equals(Duration.ofDays(1))) {
            throw ScheduleText.refusal(
                    given,
                    "only a period of one day takes a time of day",
                    "write for example \"every 1d at 09:00\", \"every monday at 09:00\" or \"0 9 */2 * *\"");
        }
        return cron(new DayPhrase(given, rest.substring(atWord + 1)).toDailyCron());
    }

    private ParsedSchedule delay(String rest) {
        Instant runAt = context.now().plus(new DurationWords(given, rest).read());
        return plain(Schedule.once(runAt, zone));
    }

    private ParsedSchedule words(String lower) {
        return cron(new DayPhrase(given, lower).toCron());
    }

    private static ParsedSchedule plain(Schedule schedule) {
        return new ParsedSchedule(schedule, List.of());
    }

    private static boolean isIsoDuration(String lower) {
        return lower.length() > 1
                && lower.charAt(0) == 'p'
                && (isDigit(lower.charAt(1)) || lower.charAt(1) == 't' || lower.charAt(1) == '-');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
