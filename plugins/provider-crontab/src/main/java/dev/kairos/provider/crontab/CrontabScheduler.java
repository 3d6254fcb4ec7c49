package dev.kairos.provider.crontab;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trigger is the machine's own cron, or its systemd: a block of the user's crontab, or user timers, whose entries call
 * the host's fire command. No process of ours needs to live in between. It keeps no thread; it arms when it is started,
 * told of changes or asked to reconcile. Status: experimental since 0.1.
 */
public final class CrontabScheduler extends CronScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("cron.crontab");
    /** Cron looks once a minute; then a program is started. */
    private static final Duration LATENCY = Duration.ofSeconds(90);

    private volatile ProviderHealth health = ProviderHealth.unknown();
    private volatile Set<String> saidRefused = Set.of();

    @Override
    public String name() {
        return "crontab";
    }

    /** Whether there is a command to be fired and one to arm it with; says why not. */
    @Override
    public boolean isAvailable() {
        Outside.of(context()).check();
        return true;
    }

    @Override
    public void start(StopSignal stop) throws IOException {
        converge();
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        try {
            converge();
        } catch (IOException | RuntimeException trouble) {
            LOG.warn("cron.crontab not-armed {}", health.detail(), trouble);
        }
    }

    @Override
    public void reconcile() {
        try {
            converge();
        } catch (IOException e) {
            throw new Refusal("nothing could be armed: " + Refusal.words(e), e);
        }
    }

    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.within(LATENCY).outlivingTheProcess();
    }

    @Override
    public ProviderHealth health() {
        return health;
    }

    /** Takes back everything that is armed outside for this home. */
    @Override
    public void disarm() {
        try {
            Outside outside = Outside.of(context());
            HomeLock held = outside.lock();
            try {
                outside.armoury().clear();
            } finally {
                held.close();
            }
            LOG.info("cron.crontab taken-back home={}", outside.home());
        } catch (IOException e) {
            throw new Refusal("nothing could be taken back: " + Refusal.words(e), e);
        }
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return type == ArmedTriggers.class ? Optional.of(type.cast((ArmedTriggers) this::armed)) : Optional.empty();
    }

    private Map<String, Instant> armed() throws IOException {
        Outside outside = Outside.of(context());
        HomeLock held = outside.lock();
        try {
            List<DesiredTrigger> desired = context().desiredTriggers();
            Armoury armoury = outside.armoury();
            Map<String, Instant> armed = armoury.armed(desired);
            if (health.state() == ProviderHealth.State.UNKNOWN) { // a process that only looks has armed nothing itself
                health = judged(lines(armoury.refused(desired)));
            }
            return armed;
        } finally {
            held.close();
        }
    }

    /** What is desired is asked under the lock, so that the last one to write knows the latest. */
    private void converge() throws IOException {
        try {
            Outside outside = Outside.of(context());
            HomeLock held = outside.lock();
            try {
                FireLog.tend(context().environment().files(), outside.home());
                tell(outside.armoury().converge(context()::desiredTriggers));
            } finally {
                held.close();
            }
        } catch (IOException | RuntimeException trouble) {
            health = ProviderHealth.failing(Refusal.words(trouble));
            throw trouble;
        }
    }

    private void tell(Plan plan) {
        Set<String> refused = lines(plan.refused());
        refused.stream()
                .filter(line -> !saidRefused.contains(line))
                .forEach(line -> LOG.warn("cron.crontab not-armed {}", line));
        saidRefused = refused;
        health = judged(refused);
    }

    private static Set<String> lines(Map<String, String> refused) {
        Set<String> lines = new TreeSet<>();
        refused.forEach((job, why) -> lines.add("job " + job + ": " + why));
        return lines;
    }

    private static ProviderHealth judged(Set<String> refused) {
        return refused.isEmpty()
                ? ProviderHealth.healthy()
                : ProviderHealth.failing("not armed: " + String.join("; ", refused));
    }
}
