package dev.kairos.builtin;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.FireResult;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What the host does about a provider that is no ticker of its own while it is armed: hears whether it fires, claims what
 * it left lying, tells it what moved, has it reconcile and asks how it is. On the supervisor's thread; any thread may read.
 */
final class Supervision {
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);
    /** No provider is left without word of what the covering ticker claimed for longer. */
    private static final Duration MOST_LATE = Duration.ofMinutes(2);

    private final ProviderContexts contexts;
    private final Cover cover;
    private final DeafnessWatch deafness;
    private final ReturnWatch back;
    private final HostPasses passes;
    private final Reconciler reconciler;
    private final ChangeTeller teller;
    private final LateWord late;
    private final FireNews fires;
    private final boolean isCalledFromOutside;
    private final WakeWatch wake;
    private final HealthWatch health;
    private Optional<Instant> armedSince = Optional.empty();
    private volatile Optional<Instant> excusedSince = Optional.empty();

    Supervision(ProviderContexts contexts, String name, CronScheduler provider, PendingChanges changes, Cover cover) {
        this.contexts = contexts;
        this.cover = cover;
        Environment environment = contexts.environment();
        FiringCore core = contexts.core();
        Guard guard = new Guard(environment);
        ClassLoader loader = Guard.loaderOf(provider.getClass());
        ProviderTraits traits = guard.call("provider-traits", loader, Guard.QUICK, provider::traits)
                .value()
                .orElse(ProviderTraits.DEFAULT);
        this.isCalledFromOutside = traits.outlivesProcess();
        Duration bound = longer(LEAST_PATIENCE, traits.latency());
        this.deafness = new DeafnessWatch(environment, bound);
        this.back = new ReturnWatch(environment, bound, core::lastDueAt);
        this.passes = new HostPasses(contexts, name, backstop(bound), deafness);
        Runnable onNews = contexts.observer()::noted;
        this.reconciler = new Reconciler(environment, name, provider, contexts.reconcileInterval(), onNews);
        this.late = new LateWord(environment, shorter(bound, MOST_LATE), core::lastDueAt);
        this.teller = new ChangeTeller(environment, name, provider, () -> moved(changes), reconciler, onNews);
        this.fires = new FireNews(environment, core::lastFire, onNews);
        this.wake = new WakeWatch(environment, core, changes::add);
        Optional<ArmedTriggers> triggers = guard.call(
                        "provider-capability", loader, Guard.QUICK, () -> provider.capability(ArmedTriggers.class))
                .value()
                .flatMap(told -> told);
        this.health = new HealthWatch(contexts, name, provider, triggers, reconciler, onNews);
        contexts.of(provider).ifPresent(context -> context.onAttempt(new Hearing()));
    }

    /** A provider that says how late it may be gets that time before the backstop comes. */
    private Duration backstop(Duration bound) {
        Duration configured = contexts.backstop();
        return configured.isZero() ? configured : longer(configured, bound);
    }

    /** Looks once at the provider, which is armed. */
    void look(Optional<Instant> since) throws InterruptedException {
        if (!since.equals(armedSince)) {
            armedSince = since;
            deafness.begin();
            reconciler.ask();
        }
        if (!teller.isAtWork()) {
            reconciler.look();
        }
        hearOutside();
        if (!cover.isOn()) {
            passes.look(since).ifPresent(why -> deaf(why, since));
        } else if (back.isBack()) {
            deafness.begin();
            cover.handBack(ProviderLadder.STOP_BOUND);
        }
        health.look();
        fires.look();
        wake.look();
        teller.look();
    }

    private void hearOutside() {
        if (isCalledFromOutside && isDeaf()) {
            contexts.core().outsideAttempts().forEach(attempt -> {
                back.heardOutside(attempt.jobId(), attempt.at());
                late.tried(attempt.jobId());
            });
        }
    }

    private boolean isDeaf() {
        return cover.fault().filter(fault -> fault == Cover.Fault.DEAF).isPresent();
    }

    private Optional<JobChanges> moved(PendingChanges changes) {
        Optional<JobChanges> moved = changes.take(contexts.environment().uptime());
        return isDeaf() ? late.hold(moved) : late.release(moved);
    }

    private void deaf(String why, Optional<Instant> since) {
        back.begin();
        excusedSince = since;
        cover.begin(Cover.Fault.DEAF, why, Optional.empty(), this::tickCovering);
        reconciler.ask(); // perhaps that mends it
    }

    /** A pass of the covering ticker; until it has caught up, what the provider left lying is not late by anybody's fault. */
    TickReport tickCovering() {
        TickReport report = contexts.core().tickAhead(excusedSince);
        if (!report.moreDue()) {
            excusedSince = Optional.empty();
        }
        back.covered(report);
        return report;
    }

    /** The store fell silent: when it is well again that is said at once. */
    void beatSoon() {
        passes.beatSoon();
    }

    /** Ends what goes on in the provider beside its start. */
    void end() throws InterruptedException {
        reconciler.end();
        health.end();
    }

    /** Whether a call into the provider beside its start still goes on. */
    boolean hasThread() {
        return reconciler.hasThread() || health.hasThread() || teller.isAtWork();
    }

    /** What there is to say of it. */
    ProviderNotes notes(String state) {
        Optional<String> detail = Optional.of(health.health().detail()).filter(text -> !text.isEmpty());
        return new ProviderNotes(
                Optional.of(state),
                Optional.of(health.health().state().name().toLowerCase(Locale.ROOT)),
                detail,
                reconciler.trouble().or(teller::trouble),
                reconciler.reconciledAt(),
                health.armed(),
                health.difference());
    }

    /** Each attempt is heard by whoever has to judge it just now. */
    private final class Hearing implements Attempts {
        @Override
        public void begins(String jobId) {
            deafness.begins(jobId);
        }

        @Override
        public void ended(String jobId, FireResult result) {
            if (cover.isOn()) {
                late.tried(jobId);
                back.ended(jobId, result);
            } else {
                deafness.ended(jobId, result);
            }
        }

        @Override
        public void ticked(TickReport report) {
            if (cover.isOn()) {
                back.ticked(report);
            } else {
                deafness.ticked(report);
            }
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
