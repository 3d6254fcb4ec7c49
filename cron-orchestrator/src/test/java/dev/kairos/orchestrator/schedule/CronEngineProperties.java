package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The engine against the minute walk. A failure names the seed; {@code -Dkairos.seed=N} runs it again, {@code -Psoak}
 * runs fifty times as many expressions.
 */
class CronEngineProperties {
    private static final List<ZoneId> ZONES = List.of(
                    "UTC",
                    "America/New_York",
                    "Europe/Warsaw",
                    "Australia/Lord_Howe",
                    "America/Sao_Paulo",
                    "Pacific/Apia",
                    "Africa/Casablanca",
                    "Antarctica/Troll",
                    "Asia/Kathmandu",
                    "America/Havana",
                    "Asia/Beirut",
                    "Africa/Monrovia",
                    "Europe/Dublin",
                    "Pacific/Kwajalein",
                    "+05:30")
            .stream()
            .map(ZoneId::of)
            .toList();
    private static final int EXPRESSIONS = Boolean.getBoolean("kairos.soak") ? 200_000 : 4_000;

    private final long seed = Long.getLong("kairos.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void everyInstantOfTheMinuteWalkIsFoundAndNoOther() {
        System.out.println("CronEngineProperties: seed " + seed);
        var expressions = new RandomExpressions(random);
        int compared = 0;
        int neverFiring = 0;
        long instants = 0;
        while (compared < EXPRESSIONS) {
            String expression = expressions.next();
            ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
            CompiledSchedule compiled;
            try {
                compiled = Schedules.compile(Schedule.cron(expression, zone));
            } catch (InvalidScheduleException refused) {
                assertThat(refused.reason()).contains("never fire");
                assertNoDayMatches(expression);
                neverFiring++;
                continue;
            }
            LocalDate first = windowStart(zone);
            var oracle = new CronOracle(expression);
            LocalDate last = first.plusDays(oracle.minutesPerDay() < 20 && random.nextInt(5) == 0 ? 400 : 4);
            instants += compare(compiled, oracle, first, last);
            compared++;
        }
        assertThat(neverFiring).as("expressions refused, seed %d", seed).isLessThan(EXPRESSIONS / 10);
        assertThat(instants).as("instants compared, seed %d", seed).isGreaterThan(EXPRESSIONS);
    }

    private long compare(CompiledSchedule compiled, CronOracle oracle, LocalDate first, LocalDate last) {
        ZoneId zone = compiled.schedule().zone();
        String expression = compiled.schedule().expression().orElseThrow();
        NavigableSet<Instant> expected = oracle.instants(first.minusDays(3), last.plusDays(3), zone);
        Instant from = first.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant until = last.atStartOfDay(ZoneOffset.UTC).toInstant();
        List<Instant> got = new ArrayList<>();
        Instant at = compiled.next(Instant.EPOCH, from).orElseThrow();
        while (!at.isAfter(until)) {
            got.add(at);
            at = compiled.next(Instant.EPOCH, at).orElse(Instant.MAX);
        }
        List<Instant> want = List.copyOf(expected.subSet(from, false, until, true));
        if (!got.equals(want)) {
            assertThat(got)
                    .as("%s in %s from %s, seed %d", expression, zone, from, seed)
                    .isEqualTo(want);
        }
        for (int i = 0; i < 5; i++) {
            Instant base = from.plusMillis(random.nextLong(until.toEpochMilli() - from.toEpochMilli()));
            Instant successor = expected.higher(base);
            if (successor != null) {
                assertThat(compiled.next(Instant.EPOCH, base))
                        .as("%s in %s after %s, seed %d", expression, zone, base, seed)
                        .contains(successor);
            }
        }
        return expected.size();
    }

    /** Mostly a day or two before a change of the clocks, otherwise any day from 1950 to 2060. */
    private LocalDate windowStart(ZoneId zone) {
        Instant any = Instant.ofEpochSecond(random.nextLong(-631_152_000L, 2_840_140_800L));
        ZoneOffsetTransition transition = zone.getRules().nextTransition(any);
        if (transition == null) {
            transition = zone.getRules().previousTransition(any);
        }
        Instant base = transition == null || random.nextInt(4) == 0 ? any : transition.getInstant();
        return base.atZone(zone).toLocalDate().minusDays(random.nextInt(3));
    }

    private void assertNoDayMatches(String expression) {
        var oracle = new CronOracle(expression);
        LocalDate date = LocalDate.of(2000, 1, 1);
        for (int day = 0; day < 28 * 366; day++) {
            assertThat(oracle.matchesDay(date.plusDays(day)))
                    .as("%s on %s, seed %d", expression, date.plusDays(day), seed)
                    .isFalse();
        }
    }

    @Test
    void theNextInstantIsStrictlyLaterAndTheAnswerDoesNotDependOnWhatWasAskedBefore() {
        var expressions = new RandomExpressions(random);
        for (int i = 0; i < 2_000; i++) {
            String expression = expressions.next();
            ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
            try {
                Schedule schedule = Schedule.cron(expression, zone);
                CompiledSchedule used = Schedules.compile(schedule);
                for (int j = 0; j < 5; j++) {
                    Instant base = Instant.ofEpochSecond(random.nextLong(-62_000_000_000L, 250_000_000_000L));
                    Instant next = used.next(base, base).orElseThrow();
                    assertThat(next)
                            .as("%s in %s, seed %d", expression, zone, seed)
                            .isAfter(base);
                    assertThat(Schedules.compile(schedule).next(base, base))
                            .as("%s in %s after %s, seed %d", expression, zone, base, seed)
                            .contains(next);
                }
            } catch (InvalidScheduleException refused) {
                assertThat(refused.reason()).contains("never fire");
            }
        }
    }
}
