package dev.kairos.bench;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import dev.kairos.orchestrator.schedule.Schedules;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.TimeZone;
import org.jobrunr.scheduling.cron.CronExpression;
import org.jspecify.annotations.Nullable;

/**
 * The engines compared, each behind its own public API.
 *
 * <p>Status: internal.
 */
public enum NextInstantEngine {
    /** Ours. */
    KAIROS {
        @Override
        Asked compile(String unix, ZoneId zone, Instant[] bases) {
            CompiledSchedule compiled = Schedules.compile(Schedule.cron(unix, zone));
            return base -> compiled.next(bases[base], bases[base]).orElseThrow();
        }
    },
    /** org.jobrunr:jobrunr. */
    JOBRUNR {
        @Override
        Asked compile(String unix, ZoneId zone, Instant[] bases) {
            var cron = new CronExpression(unix);
            return base -> cron.next(bases[base], bases[base], zone);
        }
    },
    /** org.springframework:spring-context. */
    SPRING {
        @Override
        Asked compile(String unix, ZoneId zone, Instant[] bases) {
            var cron = org.springframework.scheduling.support.CronExpression.parse("0 " + unix);
            ZonedDateTime[] zoned = zoned(bases, zone);
            return base -> cron.next(zoned[base]);
        }
    },
    /** org.quartz-scheduler:quartz. */
    QUARTZ {
        @Override
        Asked compile(String unix, ZoneId zone, Instant[] bases) {
            try {
                var cron = new org.quartz.CronExpression("0 " + questionMarked(unix));
                cron.setTimeZone(TimeZone.getTimeZone(zone));
                Date[] dates = Arrays.stream(bases).map(Date::from).toArray(Date[]::new);
                return base -> cron.getNextValidTimeAfter(dates[base]);
            } catch (ParseException e) {
                throw new IllegalArgumentException(e);
            }
        }
    },
    /** com.cronutils:cron-utils, UNIX definition, or QUARTZ for what that refuses. */
    CRON_UTILS {
        @Override
        Asked compile(String unix, ZoneId zone, Instant[] bases) {
            boolean special = unix.indexOf('L') >= 0 || unix.indexOf('#') >= 0;
            var definition = CronDefinitionBuilder.instanceDefinitionFor(special ? CronType.QUARTZ : CronType.UNIX);
            var execution = ExecutionTime.forCron(
                    new CronParser(definition).parse(special ? "0 " + questionMarked(unix) : unix));
            ZonedDateTime[] zoned = zoned(bases, zone);
            return base -> execution.nextExecution(zoned[base]).orElseThrow();
        }
    };

    /** A compiled expression that knows its bases. */
    @FunctionalInterface
    interface Asked {
        @Nullable
        Object next(int base);
    }

    abstract Asked compile(String unix, ZoneId zone, Instant[] bases);

    private static ZonedDateTime[] zoned(Instant[] bases, ZoneId zone) {
        return Arrays.stream(bases).map(base -> base.atZone(zone)).toArray(ZonedDateTime[]::new);
    }

    /** Quartz wants a question mark in one of the two day fields. */
    private static String questionMarked(String unix) {
        String[] fields = unix.split(" ");
        if (fields[4].equals("*")) {
            fields[4] = "?";
        } else {
            fields[2] = "?";
        }
        return String.join(" ", fields);
    }
}
