package dev.kairos.orchestrator;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.delivery.NamedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Orchestrator} is assembled from.
 *
 * <p>Status: internal.
 */
public final class OrchestratorParts {
    private final StoreClock clock;
    private final JobStore store;
    private final StorePlace place;
    private final Path home;
    private final OutputStore outputs;
    private final MessageComposer composer;
    private final NamedFiles files;
    private final OrchestratorSettings settings;
    private final List<JobRunner> runners;
    private final List<DeliveryChannel> channels;
    private final Set<String> platforms;
    private final Supplier<PluggedParts> plugged;
    private final List<CronListener> listeners;
    private final List<FailureClassifier> classifiers;
    private final @Nullable Supplier<Abilities> abilities;

    private OrchestratorParts(Builder b) {
        clock = b.clock;
        store = b.store;
        place = new StorePlace(store);
        home = b.home;
        outputs = Objects.requireNonNull(b.outputs, "outputs");
        composer = Objects.requireNonNull(b.composer, "composer");
        files = new NamedFiles(clock.machine(), store, home, b.userFolder);
        settings = b.settings;
        runners = List.copyOf(b.runners);
        channels = List.copyOf(b.channels);
        platforms = channels.stream().map(DeliveryChannel::platform).collect(Collectors.toUnmodifiableSet());
        listeners = List.copyOf(b.listeners);
        classifiers = List.copyOf(b.classifiers);
        abilities = b.abilities;
        plugged = b.plugged;
    }

    /** A builder with the three parts that nothing goes without. */
    public static Builder builder(Environment environment, JobStore store, Path home) {
        return new Builder(environment, store, home);
    }

    /** Its wall clock is the store's, where the store has one. */
    Environment environment() {
        return clock.environment();
    }

    StoreClock clock() {
        return clock;
    }

    JobStore store() {
        return store;
    }

    /** Where the store is. */
    StorePlace place() {
        return place;
    }

    Path home() {
        return home;
    }

    OutputStore outputs() {
        return outputs;
    }

    MessageComposer composer() {
        return composer;
    }

    /** The files that runs name to be delivered. */
    NamedFiles files() {
        return files;
    }

    OrchestratorSettings settings() {
        return settings;
    }

    /** Those that are to be told now. */
    List<CronListener> listeners() {
        return joined(listeners, plugged.get().listeners());
    }

    /** Those that are to be asked now, the host's own not among them. */
    List<FailureClassifier> classifiers() {
        return joined(classifiers, plugged.get().classifiers());
    }

    private static <T> List<T> joined(List<T> own, List<T> others) {
        return others.isEmpty()
                ? own
                : Stream.concat(own.stream(), others.stream()).toList();
    }

    /** What this node can run now. */
    Abilities abilities() {
        return abilities != null
                ? abilities.get()
                : new Abilities(joined(runners, plugged.get().runners()).stream()
                        .map(JobRunner::kind)
                        .collect(Collectors.toSet()));
    }

    Optional<JobRunner> runner(String kind) {
        return joined(runners, plugged.get().runners()).stream()
                .filter(runner -> runner.kind().equals(kind))
                .findFirst();
    }

    /** What this node can deliver to. */
    Set<String> platforms() {
        List<DeliveryChannel> others = plugged.get().channels();
        if (others.isEmpty()) {
            return platforms;
        }
        Set<String> all = new HashSet<>(platforms);
        others.forEach(channel -> all.add(channel.platform()));
        return all;
    }

    Optional<DeliveryChannel> channel(String platform) {
        return joined(channels, plugged.get().channels()).stream()
                .filter(channel -> channel.platform().equals(platform))
                .findFirst();
    }

    /** Collects parts. Not thread-safe. */
    public static final class Builder {
        private final JobStore store;
        private final Path home;
        private final List<JobRunner> runners = new ArrayList<>();
        private final List<DeliveryChannel> channels = new ArrayList<>();
        private final List<CronListener> listeners = new ArrayList<>();
        private final List<FailureClassifier> classifiers = new ArrayList<>();
        private StoreClock clock;
        private OrchestratorSettings settings = OrchestratorSettings.builder().build();
        private Supplier<PluggedParts> plugged = () -> PluggedParts.NONE;
        private Path userFolder = Path.of("/");
        private @Nullable OutputStore outputs;
        private @Nullable MessageComposer composer;
        private @Nullable Supplier<Abilities> abilities;

        private Builder(Environment environment, JobStore store, Path home) {
            this.store = Objects.requireNonNull(store);
            this.clock = new StoreClock(environment, () -> store.nodes().clock());
            this.home = Objects.requireNonNull(home);
        }

        /** Where outputs are kept; required. */
        public Builder outputs(OutputStore value) {
            outputs = value;
            return this;
        }

        /** The words around a result; required. */
        public Builder composer(MessageComposer value) {
            composer = value;
            return this;
        }

        /** A clock of the same store that others read too. */
        public Builder clock(StoreClock value) {
            clock = Objects.requireNonNull(value);
            return this;
        }

        /** Settings other than the defaults. */
        public Builder settings(OrchestratorSettings value) {
            settings = Objects.requireNonNull(value);
            return this;
        }

        /** What {@code ~} stands for in a job's workdir. */
        public Builder userFolder(Path value) {
            userFolder = Objects.requireNonNull(value);
            return this;
        }

        /** Adds a runner. */
        public Builder runner(JobRunner runner) {
            runners.add(Objects.requireNonNull(runner));
            return this;
        }

        /** Adds a channel. */
        public Builder channel(DeliveryChannel channel) {
            channels.add(Objects.requireNonNull(channel));
            return this;
        }

        /** Adds a listener. */
        public Builder listener(CronListener listener) {
            listeners.add(Objects.requireNonNull(listener));
            return this;
        }

        /** Adds a classifier, asked after those added before and ahead of the host's own. */
        public Builder classifier(FailureClassifier classifier) {
            classifiers.add(Objects.requireNonNull(classifier));
            return this;
        }

        /** Further parts, which may change; asked at each use, so the supplier is quick and blocks on nothing. */
        public Builder plugged(Supplier<PluggedParts> value) {
            plugged = Objects.requireNonNull(value);
            return this;
        }

        /** What the node can run, asked before each claim; by default the kinds of its runners. */
        public Builder abilities(Supplier<Abilities> value) {
            abilities = value;
            return this;
        }

        /** The parts. */
        public OrchestratorParts build() {
            return new OrchestratorParts(this);
        }
    }
}
