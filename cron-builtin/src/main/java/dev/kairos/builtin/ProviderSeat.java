package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.orchestrator.health.Heartbeat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of the provider in one node: who has it, and how another takes it. Any thread. */
final class ProviderSeat {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final FiringCore core;
    private final Environment environment;
    private final Plugins plugins;
    private final PendingChanges changes;
    private final Map<Class<?>, Object> offered;
    /** Held while one provider takes another's place. */
    private final Object turn = new Object();

    private volatile boolean isClosing;
    private volatile @Nullable Taken taken;

    /** Who has the place; the hold keeps the classes of a plug-in while it has. */
    private record Taken(
            ProviderHost host, ProviderContexts contexts, Heartbeat beat, PassObserver observer, Runnable endHold) {
        Optional<CronScheduler> provider() {
            return host.resolution().provider();
        }
    }

    /**
     * An empty place.
     *
     * @param offered what the host offers every provider as a capability
     */
    ProviderSeat(
            FiringCore core,
            Environment environment,
            Plugins plugins,
            PendingChanges changes,
            Map<Class<?>, Object> offered) {
        this.core = core;
        this.environment = environment;
        this.plugins = plugins;
        this.changes = changes;
        this.offered = offered;
    }

    /** Gives the place to the configured provider. */
    void begin(Configuration asked, Heartbeat beat, PassObserver observer) {
        ProviderContexts contexts = new ProviderContexts(core, environment, asked, observer, offered);
        take(resolve(contexts), contexts, beat, observer);
    }

    private Resolution resolve(ProviderContexts contexts) {
        return new ProviderResolver(environment, plugins).resolve(contexts.configuration(), contexts::bind);
    }

    private void take(Resolution resolution, ProviderContexts contexts, Heartbeat beat, PassObserver observer) {
        contexts.forgetAllBut(resolution.provider());
        Runnable endHold = resolution
                .provider()
                .map(provider -> plugins.hold(Guard.loaderOf(provider.getClass())))
                .orElse(() -> {});
        ProviderHost host = new ProviderHost(contexts, resolution, contexts.startTimeout(), changes);
        boolean isFirst = taken == null;
        taken = new Taken(host, contexts, beat, observer, endHold);
        if (!isFirst || !resolution.isBuiltin()) {
            beat.provider(resolution.name());
        }
        host.start();
    }

    /** The configured provider, bound and never to be started: what it would fire is refused. */
    RestingProvider resting(Configuration asked) {
        ProviderContexts contexts = new ProviderContexts(core, environment, asked, PassObserver.NONE, offered);
        Resolution found = new ProviderResolver(environment, plugins)
                .find(asked, (provider, name) -> contexts.bind(provider, name).retire());
        return new RestingProvider(environment, core, found);
    }

    /**
     * Has the provider of the name take the trigger from the one that has it: that one is stopped first, and what it armed
     * outside is taken back last.
     *
     * @param asked the configuration that asks for it
     * @param isCheck whether it is only asked whether that could be done
     */
    Handover handOver(Configuration asked, boolean isCheck) {
        synchronized (turn) {
            Taken before = taken;
            if (before == null || isClosing) {
                return Handover.refused("none", "this node does not fire by itself, or is about to stop");
            }
            Resolution old = before.host().resolution();
            ProviderContexts contexts = new ProviderContexts(core, environment, asked, before.observer(), offered);
            Resolution next = new ProviderResolver(environment, plugins).find(asked, contexts::bind);
            if (next.fallbackReason().isPresent()) {
                return Handover.refused(old.name(), next.fallbackReason().get());
            }
            boolean isSame = next.name().equals(old.name());
            if (isCheck || isSame && old.fallbackReason().isEmpty()) {
                return Handover.done(old.name(), next.name());
            }
            Optional<String> left = replace(before, next, contexts);
            core.publish("cron.provider-switched", "from", old.name(), "to", next.name());
            return Handover.done(old.name(), next.name())
                    .remarking(left.map(why -> "what " + old.name() + " armed outside may still fire, and then claims"
                            + " nothing that was claimed: " + why));
        }
    }

    /**
     * Stops the one and lets the other begin, even if this thread is interrupted: one must fire.
     *
     * @return why what the one armed outside could not be taken back
     */
    private Optional<String> replace(Taken before, Resolution next, ProviderContexts contexts) {
        boolean wasInterrupted = Thread.interrupted();
        boolean isEnded = false;
        try {
            isEnded = before.host().stop();
        } catch (InterruptedException e) {
            wasInterrupted = true;
        }
        Optional<CronScheduler> old = before.provider();
        old.flatMap(before.contexts()::of).ifPresent(HostContext::retire);
        String name = before.host().resolution().name();
        if (!isClosing) {
            take(next, contexts, before.beat(), before.observer());
        }
        boolean isDisarmed =
                !next.name().equals(name) && !before.host().resolution().isBuiltin();
        Optional<String> left =
                isDisarmed ? old.flatMap(provider -> RestingProvider.disarm(environment, provider)) : Optional.empty();
        left.ifPresent(why -> LOG.warn("cron.provider name={} is not disarmed: {}", name, why));
        if (isEnded && left.isEmpty()) {
            before.endHold().run(); // otherwise something still goes on in it, and it keeps its classes
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    /**
     * Plug-ins came or went. A provider that went is stopped and resolved anew, to the ticker where it is gone for good; one
     * that was asked for and missing is taken if it is there now.
     *
     * @param withdrawn the class loaders of those that went
     */
    void pluginsChanged(Set<ClassLoader> withdrawn) {
        synchronized (turn) {
            Taken before = taken;
            if (before == null || isClosing) {
                return;
            }
            boolean isGone = before.provider()
                    .filter(provider -> withdrawn.contains(Guard.loaderOf(provider.getClass())))
                    .isPresent();
            boolean isStandIn = before.host().resolution().fallbackReason().isPresent();
            if (!isGone && !isStandIn) {
                return;
            }
            ProviderContexts contexts = new ProviderContexts(
                    core, environment, before.contexts().configuration(), before.observer(), offered);
            Resolution now = resolve(contexts);
            if (isGone || now.fallbackReason().isEmpty()) {
                replace(before, now, contexts);
            }
        }
    }

    /** Something may be due sooner than known. */
    void wake() {
        Taken present = taken;
        if (present != null) {
            present.host().wake();
        }
    }

    /** How who has it is; empty before the beginning. */
    Optional<ProviderStatus> status() {
        return Optional.ofNullable(taken).map(present -> present.host().status());
    }

    /** Where calls from outside go to who has it. */
    Optional<InboundEndpoint> inbound() {
        Taken present = taken;
        return present == null ? Optional.empty() : present.host().inbound();
    }

    /** No other takes it from now on. */
    void endSoon() {
        isClosing = true;
    }

    /** Ends who has it. */
    void stop() throws InterruptedException {
        isClosing = true;
        Taken present;
        synchronized (turn) {
            present = taken;
        }
        if (present != null && present.host().stop()) {
            present.endHold().run();
        }
    }
}
