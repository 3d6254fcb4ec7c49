package dev.kairos.testkit;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small provider with a thread of its own, right but for one flaw. */
final class FlawedProvider extends CronScheduler {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private static boolean isAnyoneStopped;
    private static int made;

    private final Flaw flaw;
    private final int number = ++made;
    private final Set<String> seen = new HashSet<>();
    private @Nullable Loop loop;
    private boolean wasStopped;

    FlawedProvider(Flaw flaw) {
        this.flaw = flaw;
        isAnyoneStopped = false;
        if (flaw == Flaw.BEGINS_WHEN_CONSTRUCTED) {
            linger();
        }
    }

    private static void linger() {
        new RealTimeEnvironment().start("left-over", () -> {
            try {
                new RealTimeEnvironment().sleep(Duration.ofSeconds(20));
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public String name() {
        return flaw == Flaw.CHANGES_ITS_NAME ? "flawed-" + number : "flawed";
    }

    @Override
    public void start(StopSignal stop) throws Exception {
        if (flaw == Flaw.FORGETS_TO_RESTART && wasStopped) {
            return;
        }
        if (flaw == Flaw.NEVER_ARMS) {
            while (!stop.await(A_SECOND)) {
                // it waits for what never comes
            }
            return;
        }
        seen.clear();
        Loop fresh = new Loop();
        loop = fresh;
        if (!flaw.isSignalIgnoredToo()) {
            stop.onRaise(fresh::end);
        }
        fresh.task = context().environment().start("flawed", fresh);
        if (flaw == Flaw.BLOCKS_AND_DENIES_IT) {
            context().armed();
            stop.await(A_SECOND.multipliedBy(2));
        }
    }

    @Override
    public void stop() {
        wasStopped = true;
        isAnyoneStopped = true;
        Loop running = loop;
        if (running == null || flaw == Flaw.LEAVES_ITS_THREAD || flaw == Flaw.IGNORES_THE_STOP_SIGNAL) {
            return;
        }
        running.end();
        try {
            if (flaw == Flaw.WAITS_FOR_THE_HOST_TO_STOP) {
                running.join(Duration.ofSeconds(30));
            } else {
                running.interrupt();
                running.join(A_SECOND.dividedBy(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        if (flaw == Flaw.FIRES_IN_ON_JOBS_CHANGED && loop != null) {
            context().tick();
        }
        Loop running = loop;
        if (running != null && flaw != Flaw.IS_DEAF_TO_CHANGES) {
            running.wake.raise();
        }
    }

    @Override
    public boolean fireDue(String jobId) throws InterruptedException {
        if (flaw == Flaw.CLAIMS_TO_HAVE_FIRED) {
            super.fireDue(jobId);
            return true;
        }
        return super.fireDue(jobId);
    }

    @Override
    public void reconcile() {
        if (flaw == Flaw.NEEDS_A_START_TO_RECONCILE && loop == null) {
            throw new IllegalStateException("not started");
        }
    }

    @Override
    public ProviderTraits traits() {
        Duration latency = Duration.ofMillis(flaw == Flaw.CHANGES_ITS_TRAITS && loop != null ? 250 : 300);
        return ProviderTraits.DEFAULT.within(latency);
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        if (flaw == Flaw.THROWS_FOR_AN_UNKNOWN_CAPABILITY) {
            throw new UnsupportedOperationException(type.getName());
        }
        return super.capability(type);
    }

    private final class Loop implements Runnable {
        private final Signal wake = context().environment().newSignal();
        private volatile boolean isOver;
        private volatile @Nullable Task task;

        void end() {
            isOver = true;
            wake.raise();
        }

        void interrupt() {
            Task running = task;
            if (running != null) {
                running.interrupt();
            }
        }

        void join(Duration bound) throws InterruptedException {
            Task running = task;
            if (running != null) {
                running.join(bound);
            }
        }

        @Override
        public void run() {
            List<DesiredTrigger> known = List.of();
            while (!isOver && !(flaw == Flaw.SHARES_ITS_STATE && isAnyoneStopped)) {
                try {
                    boolean isStale = known.isEmpty() || flaw != Flaw.IS_DEAF_TO_CHANGES;
                    known = isStale ? context().desiredTriggers() : known;
                    wake.await(pass(known));
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    if (flaw == Flaw.DIES_OF_A_HOST_THAT_THROWS) {
                        return;
                    }
                }
            }
        }

        /** Fires what is due, and says how long to wait. */
        private Duration pass(List<DesiredTrigger> triggers) {
            Instant now = context().environment().now();
            Duration wait = A_SECOND;
            for (DesiredTrigger trigger : triggers) {
                boolean isDue = !trigger.dueAt().isAfter(flaw == Flaw.FIRES_TOO_EARLY ? now.plusSeconds(7_200) : now);
                boolean isLeftOut =
                        flaw == Flaw.KNOWS_NO_WAKE && trigger.jobId().equals("_wake")
                                || flaw == Flaw.SPENDS_TRIGGERS && seen.contains(trigger.jobId());
                if (isDue && !isLeftOut) {
                    fire(trigger);
                    wait = LOOK;
                } else if (!isDue) {
                    Duration left = Duration.between(now, trigger.dueAt());
                    wait = left.compareTo(wait) < 0 ? left : wait;
                }
            }
            return wait;
        }

        private void fire(DesiredTrigger trigger) {
            seen.add(trigger.jobId());
            FireRequest request = FireRequest.of(trigger.jobId()).at(trigger.dueAt());
            FireResult result = context().fire(request);
            if (flaw == Flaw.FIRES_TWICE && result instanceof FireResult.Claimed) {
                context().fire(request);
            }
        }
    }
}
