package dev.kairos.orchestrator;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the store says that it is: asked until it was answered once, and kept from then on. Thread-safe. */
final class StorePlace {
    private static final Logger LOG = LoggerFactory.getLogger("cron.store");
    /** What an environment variable can hold, whatever wrote it. */
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final JobStore store;
    private volatile @Nullable Optional<String> known;

    StorePlace(JobStore store) {
        this.store = store;
    }

    /**
     * The place, empty if the store has none to tell.
     *
     * @throws StoreException if the store answers nobody now
     */
    Optional<String> ask() {
        Optional<String> answer = known;
        if (answer == null) {
            answer = answered();
            known = answer;
        }
        return answer;
    }

    /** The same; empty too where the store answers nobody now. */
    Optional<String> askIfItAnswers() {
        try {
            return ask();
        } catch (StoreException silent) {
            LOG.debug("cron.store place unknown", silent);
            return Optional.empty();
        }
    }

    private Optional<String> answered() {
        try {
            Optional<String> answer = store.place();
            if (answer.filter(place -> !USABLE.matcher(place).matches()).isPresent()) {
                LOG.warn("cron.store place unusable: it is no short name");
                return Optional.empty();
            }
            return answer;
        } catch (RuntimeException | Error e) {
            if (Silence.is(e)) {
                throw e;
            }
            LOG.warn("cron.store place unknown: what a dead node of another home left running is not ended", e);
            return Optional.empty();
        }
    }
}
