package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginNotes;
import dev.kairos.builtin.plugin.PluginState;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While the daemon lives: looks at the plug-ins again when somebody wishes it, unloads what was withdrawn, tells other
 * processes what is loaded, and changes the provider when one of them wishes that.
 */
final class PluginKeeper {
    private static final Logger LOG = LoggerFactory.getLogger("cron.plugin");
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A note that is not renewed is forgotten after a day. */
    private static final Duration RENEWAL = Duration.ofHours(1);

    private static final Duration STOP_BOUND = Duration.ofSeconds(40);

    private final Environment environment;
    private final PluginNotes notes;
    private final HandoverNotes handovers;
    private final Host host;
    private final Signal wake;
    private final FolderTime noted;
    private final FolderTime wished;
    private final RepeatedFailure failures =
            new RepeatedFailure(LOG, Duration.ofMinutes(10), "cron.plugin notes in cron/plugins");
    private Set<String> seen = Set.of();
    private Set<String> answered = Set.of();
    private List<PluginListing> told = List.of();
    private String node = "";
    private Duration nextRenewal = Duration.ZERO;
    private boolean hasCaughtUp;
    private @Nullable Task task;
    private volatile boolean isStopping;

    /** What it keeps. */
    interface Host {
        /** Under which id the store knows this node now. */
        String node();

        List<PluginListing> listings();

        void reload() throws InterruptedException;

        void sweep();

        /** Has another provider pull the trigger, or says whether it could. */
        Handover handOver(String provider, boolean isCheck);

        /**
         * Takes the provider that the configuration file names by now: whoever wrote it while this node began could not
         * see it, and asked nothing of it.
         *
         * @return whether it is done; not before other processes can see the node
         */
        boolean catchUp();
    }

    PluginKeeper(Environment environment, PluginNotes notes, HandoverNotes handovers, Host host) {
        this.environment = environment;
        this.notes = notes;
        this.handovers = handovers;
        this.host = host;
        this.wake = environment.newSignal();
        this.noted = new FolderTime(notes::changedAt);
        this.wished = new FolderTime(handovers::changedAt);
    }

    void start() {
        task = environment.start("cron-plugins", this::keep);
    }

    /** Begins nothing more; returns at once. */
    void endSoon() {
        isStopping = true;
        wake.raise();
    }

    /** Ends it; a reload that is under way ends first. */
    void stop() {
        endSoon();
        Task running = task;
        try {
            if (running != null && !running.join(STOP_BOUND)) {
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        attempt(() -> {
            notes.sweep();
            handovers.sweep();
            return true;
        });
        while (!isStopping) {
            attempt(this::look);
            attempt(this::handOver);
            attempt(this::catchUp);
            try {
                wake.await(LOOK);
            } catch (InterruptedException e) {
                LOG.warn("cron.plugin interrupted without a stop; it goes on");
            }
        }
        attempt(() -> {
            notes.forget(node);
            return true;
        });
    }

    private boolean look() throws IOException, InterruptedException {
        Set<String> wishes = noted.mayHaveMoved() ? notes.wishes() : seen;
        boolean isAsked = !seen.containsAll(wishes);
        if (isAsked) {
            host.reload();
        }
        host.sweep();
        List<PluginListing> now = host.listings();
        String id = host.node();
        boolean isOld = environment.uptime().compareTo(nextRenewal) >= 0;
        if (isAsked || isOld || !now.equals(told) || !id.equals(node)) {
            if (!node.isEmpty() && !id.equals(node)) {
                notes.forget(node);
            }
            now.stream().filter(plugin -> !told.contains(plugin)).forEach(PluginKeeper::log);
            notes.tell(id, wishes, now);
            told = now;
            node = id;
            nextRenewal = environment.uptime().plus(RENEWAL);
        }
        seen = wishes;
        return true;
    }

    private boolean handOver() throws IOException {
        if (!wished.mayHaveMoved()) {
            return true;
        }
        Set<String> open = new HashSet<>();
        for (HandoverNotes.Wish wish : handovers.wishes()) {
            open.add(wish.id());
            if (!answered.contains(wish.id())) {
                handovers.answer(wish, host.node(), host.handOver(wish.to(), wish.isCheck()));
            }
        }
        answered = open;
        return true;
    }

    private boolean catchUp() {
        hasCaughtUp = hasCaughtUp || host.catchUp();
        return true;
    }

    private static void log(PluginListing plugin) {
        if (plugin.state() == PluginState.USABLE) {
            LOG.info(
                    "cron.plugin id={} version={} source={} offers={}",
                    plugin.id(),
                    plugin.version(),
                    plugin.source(),
                    plugin.offers().stream()
                            .map(offer -> offer.kind() + ":" + offer.name())
                            .toList());
        } else if (plugin.state() != PluginState.RETIRING) { // whoever unloads it says what is left of it
            LOG.warn(
                    "cron.plugin id={} source={} {}: {}; {}",
                    plugin.id(),
                    plugin.source(),
                    plugin.state().word(),
                    plugin.reason().orElse(""),
                    plugin.remedy().orElse(""));
        }
    }

    /** Notes that cannot be kept harm nothing. */
    private void attempt(Step step) {
        try {
            step.take();
            failures.over();
        } catch (InterruptedException e) {
            noted.lookAgain();
            LOG.warn("cron.plugin a reload was interrupted");
        } catch (Throwable thrown) {
            noted.lookAgain();
            wished.lookAgain();
            failures.report(environment.uptime(), "cron.plugin cannot be kept; what is loaded stays", thrown);
        }
    }

    @FunctionalInterface
    private interface Step {
        boolean take() throws IOException, InterruptedException;
    }
}
