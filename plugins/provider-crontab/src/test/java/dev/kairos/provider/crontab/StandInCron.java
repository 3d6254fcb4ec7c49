package dev.kairos.provider.crontab;

import dev.kairos.api.CronContext;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.FireRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays cron in UTC: looks at the table at the start of each minute of the host's clock, and fires in the host. */
final class StandInCron {
    private static final Logger LOG = LoggerFactory.getLogger(StandInCron.class);
    private static final Pattern ENTRY =
            Pattern.compile("(\\S+ \\S+ \\S+ \\S+ \\S+) /bin/sh -c .* fire (\\S+) --home .*");

    private static final class Watched {
        private final StandInCrontab crontab;
        private final CronContext host;
        private final Supplier<CronScheduler> provider;
        private Optional<Instant> looked = Optional.empty();

        private Watched(StandInCrontab crontab, CronContext host, Supplier<CronScheduler> provider) {
            this.crontab = crontab;
            this.host = host;
            this.provider = provider;
        }
    }

    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;

    /** Begins, with nothing to watch. */
    static StandInCron begin() {
        StandInCron cron = new StandInCron();
        Thread thread = new Thread(cron::live, "stand-in-cron");
        thread.setDaemon(true);
        thread.start();
        return cron;
    }

    /** Watches this table too from now on, with whom to do what {@code kairos fire} does at its end: reconcile. */
    void watch(StandInCrontab crontab, CronContext host, Supplier<CronScheduler> provider) {
        watched.add(new Watched(crontab, host, provider));
    }

    /** Watches no table any more. */
    void rest() {
        watched.clear();
    }

    void end() {
        isOver = true;
    }

    private void live() {
        while (!isOver) {
            watched.forEach(StandInCron::look);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static void look(Watched at) {
        Instant minute = at.host.environment().now().truncatedTo(ChronoUnit.MINUTES);
        if (at.looked.filter(minute::equals).isPresent()) {
            return;
        }
        at.looked = Optional.of(minute);
        try {
            for (String line : at.crontab.entries()) {
                Matcher entry = ENTRY.matcher(line);
                boolean isDue = entry.matches()
                        && CronFields.read(entry.group(1))
                                .filter(fields -> fields.matches(LocalDateTime.ofInstant(minute, ZoneOffset.UTC)))
                                .isPresent();
                if (isDue) {
                    fire(at, entry.group(2));
                }
            }
        } catch (IOException e) {
            LOG.warn("the table cannot be read", e);
        }
    }

    private static void fire(Watched at, String job) {
        try {
            at.host.fire(FireRequest.of(job));
        } catch (RuntimeException e) {
            LOG.info("a fire failed, as it may ({})", e.toString());
        }
        try {
            at.provider.get().reconcile();
        } catch (RuntimeException e) {
            LOG.warn("a fire could not reconcile; cron goes on", e);
        }
    }
}
