package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The engine beside cron-utils (its UNIX definition) on the same 1,500 random expressions, in UTC and in New York. Every
 * class of expressions in which the two are known to differ is a row with its reason; how many fall into it is asserted,
 * so that no row can grow unnoticed, and so is that everything else agrees.
 */
class CronUtilsCrossCheckTest {
    private static final long SEED = 20_270_115;
    private static final int EXPRESSIONS = 1_500;
    private static final int INSTANTS = 2;

    /** Why the two are not compared. */
    private enum Excluded {
        NEVER_FIRES("we refuse an expression that no date matches"),
        SPECIAL_DAYS("its UNIX definition refuses L, W and #"),
        QUESTION_MARK("its UNIX definition refuses ?"),
        WIDE_STEP("it refuses a step wider than its range, which Vixie cron takes"),
        STAR_STEP_DAY(
                "it takes */n in a day field as restricted, so that either day field is enough; Vixie cron: both"),
        CLOCK_CHANGE("it drops what falls into a gap and repeats fixed times in an overlap");

        private final String reason;

        Excluded(String reason) {
            this.reason = reason;
        }
    }

    private final CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private final Map<Excluded, Integer> excluded = new EnumMap<>(Excluded.class);
    private int compared;
    private int different;

    @Test
    void inUtcTheTwoAgreeOnEverythingButTheNamedClasses() {
        compareAll(ZoneId.of("UTC"));
        assertThat(different).isZero();
        assertThat(excluded)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Excluded.NEVER_FIRES, 3,
                        Excluded.SPECIAL_DAYS, 698,
                        Excluded.QUESTION_MARK, 95,
                        Excluded.WIDE_STEP, 38,
                        Excluded.STAR_STEP_DAY, 13));
        assertThat(compared).isEqualTo(653);
    }

    @Test
    void inNewYorkTheTwoAgreeAwayFromClockChanges() {
        compareAll(ZoneId.of("America/New_York"));
        assertThat(different).isZero();
        assertThat(excluded).containsEntry(Excluded.CLOCK_CHANGE, 14);
        assertThat(compared).isEqualTo(639);
    }

    private void compareAll(ZoneId zone) {
        var random = new SplittableRandom(SEED);
        var expressions = new RandomExpressions(random);
        for (int i = 0; i < EXPRESSIONS; i++) {
            String expression = expressions.next();
            Instant base = Instant.ofEpochSecond(random.nextLong(1_500_000_000L, 1_900_000_000L));
            Optional<Excluded> row = byText(expression).or(() -> byInstants(expression, zone, base));
            row.ifPresent(why -> excluded.merge(why, 1, Integer::sum));
            if (row.isPresent()) {
                assertReallyDifferent(row.get(), expression);
                continue;
            }
            compared++;
            List<Instant> theirs = theirs(expression, zone, base);
            List<Instant> ours = ours(expression, zone, base);
            if (!ours.equals(theirs)) {
                different++;
                System.out.println(expression + " in " + zone + " after " + base + ": " + ours + " / " + theirs);
            }
        }
    }

    private Optional<Excluded> byText(String expression) {
        String[] fields = expression.toUpperCase(Locale.ROOT).split(" ");
        try {
            CronText.read(expression);
        } catch (InvalidScheduleException refused) {
            return Optional.of(Excluded.NEVER_FIRES);
        }
        if (fields[2].matches(".*[LW].*") || fields[4].matches(".*(L|#).*")) {
            return Optional.of(Excluded.SPECIAL_DAYS);
        }
        if (expression.contains("?")) {
            return Optional.of(Excluded.QUESTION_MARK);
        }
        if (theirCron(expression).isEmpty() && expression.contains("/")) {
            return Optional.of(Excluded.WIDE_STEP);
        }
        boolean starStep = fields[2].startsWith("*/") || fields[4].startsWith("*/");
        boolean bothSaySomething = !fields[2].equals("*") && !fields[4].equals("*");
        return starStep && bothSaySomething ? Optional.of(Excluded.STAR_STEP_DAY) : Optional.empty();
    }

    /** The clocks change between the base and a day after the last instant compared. */
    private static Optional<Excluded> byInstants(String expression, ZoneId zone, Instant base) {
        List<Instant> ours = ours(expression, zone, base);
        Instant from = base.minus(Duration.ofDays(1));
        var change = zone.getRules().nextTransition(from);
        boolean touched = change != null
                && ours.stream().anyMatch(instant -> isNearAChange(zone, instant) || isNearAChange(zone, base));
        return touched ? Optional.of(Excluded.CLOCK_CHANGE) : Optional.empty();
    }

    private static boolean isNearAChange(ZoneId zone, Instant instant) {
        var change = zone.getRules().nextTransition(instant.minus(Duration.ofDays(1)));
        return change != null && change.getInstant().isBefore(instant.plus(Duration.ofDays(1)));
    }

    private void assertReallyDifferent(Excluded row, String expression) {
        switch (row) {
            case SPECIAL_DAYS, QUESTION_MARK ->
                assertThat(theirCron(expression))
                        .as(expression + ": " + row.reason)
                        .isEmpty();
            default -> assertThat(row.reason).isNotEmpty();
        }
    }

    private Optional<Cron> theirCron(String expression) {
        try {
            return Optional.of(parser.parse(expression.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private List<Instant> theirs(String expression, ZoneId zone, Instant base) {
        var execution = ExecutionTime.forCron(theirCron(expression).orElseThrow());
        List<Instant> instants = new ArrayList<>();
        ZonedDateTime at = base.atZone(zone);
        while (instants.size() < INSTANTS) {
            at = execution.nextExecution(at).orElseThrow();
            instants.add(at.toInstant());
        }
        return instants;
    }

    private static List<Instant> ours(String expression, ZoneId zone, Instant base) {
        CompiledSchedule compiled = Schedules.compile(Schedule.cron(expression, zone));
        List<Instant> instants = new ArrayList<>();
        Instant at = base;
        while (instants.size() < INSTANTS) {
            at = compiled.next(at, at).orElseThrow();
            instants.add(at);
        }
        return instants;
    }
}
