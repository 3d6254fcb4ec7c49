package dev.kairos.testkit;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Arms in a registry that somebody else reads, and never wakes for itself; right but for one flaw. */
final class FlawedRegistrar extends CronScheduler {
    /** What can be wrong with it, and the test that must find it. */
    enum Flaw {
        KEEPS_ORPHANS("anOrphanIsCancelled"),
        BELIEVES_ITS_MEMORY("whatIsMissingIsArmedAgainWithoutAStart"),
        NEVER_MOVES("whatMovedIsArmedAnew"),
        LEAVES_OUT_WAKE("whatIsMissingIsArmedAgainWithoutAStart"),
        ENDS_AT_THE_FIRST_TROUBLE("oneBrokenJobStopsNoOtherAndHealsLater"),
        CLEARS_EVERYTHING("whatBelongsToOthersStaysAsItIs"),
        DRIFTS("reconcilingTwiceChangesNothing"),
        SWALLOWS_INTERRUPTS("anInterruptEndsItPromptly"),
        ARMS_ONLY_WHEN_ASKED_TO_RECONCILE("theStartArmsAndEachChangeMovesWhatIsArmed"),
        NONE("");

        private final String foundBy;

        Flaw(String foundBy) {
            this.foundBy = foundBy;
        }

        String foundBy() {
            return foundBy;
        }
    }

    private final Flaw flaw;
    private final StandInRegistry registry;
    private final Set<String> remembered = new HashSet<>();

    FlawedRegistrar(Flaw flaw, StandInRegistry registry) {
        this.flaw = flaw;
        this.registry = registry;
    }

    @Override
    public String name() {
        return "registrar";
    }

    @Override
    public void start(StopSignal stop) {
        onJobsChanged(JobChanges.unknown());
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        if (flaw != Flaw.ARMS_ONLY_WHEN_ASKED_TO_RECONCILE) {
            reconcile();
        }
    }

    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.within(Duration.ofMillis(300)).outlivingTheProcess();
    }

    @Override
    public void reconcile() {
        try {
            List<DesiredTrigger> desired = context().desiredTriggers();
            if (flaw == Flaw.CLEARS_EVERYTHING) {
                registry.clear();
            }
            Map<String, Instant> armed = registry.armed();
            Set<String> orphans = new HashSet<>(armed.keySet());
            for (DesiredTrigger trigger : desired) {
                orphans.remove(trigger.jobId());
                arm(trigger, armed);
            }
            if (flaw != Flaw.KEEPS_ORPHANS) {
                for (String orphan : orphans) {
                    registry.cancel(orphan);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void arm(DesiredTrigger trigger, Map<String, Instant> armed) throws InterruptedException {
        String id = trigger.jobId();
        Instant at =
                flaw == Flaw.DRIFTS && armed.containsKey(id) ? armed.get(id).plusMillis(1) : trigger.dueAt();
        boolean isLeft = at.equals(armed.get(id))
                || flaw == Flaw.NEVER_MOVES && armed.containsKey(id)
                || flaw == Flaw.BELIEVES_ITS_MEMORY && !remembered.add(id + at)
                || flaw == Flaw.LEAVES_OUT_WAKE && id.equals("_wake");
        if (isLeft) {
            return;
        }
        try {
            registry.arm(id, at);
        } catch (InterruptedException e) {
            if (flaw != Flaw.SWALLOWS_INTERRUPTS) {
                throw e;
            }
            registry.armStubbornly(id, at);
        } catch (IllegalStateException e) {
            if (flaw == Flaw.ENDS_AT_THE_FIRST_TROUBLE) {
                throw e;
            }
        }
    }
}
