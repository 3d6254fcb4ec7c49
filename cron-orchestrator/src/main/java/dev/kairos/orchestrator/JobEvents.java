package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of jobs, whoever changed them. Reads jobs only after a commit that changed some definition, not after
 * each fire. Used by one thread.
 */
final class JobEvents {
    private static final int REMEMBERED = 10_000;
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final JobStore store;
    private final Environment environment;
    private final Events events;
    private final Set<String> paused = new HashSet<>();
    /** The versions told of: a job moves for many reasons, and each of its versions is told once. */
    private final Map<String, Long> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    private @Nullable Long revision;

    JobEvents(JobStore store, Environment environment, Events events) {
        this.store = store;
        this.environment = environment;
        this.events = events;
    }

    /**
     * How things stand before the first change that is told.
     *
     * @param reader gets each job too
     */
    void begin(Changes changes, Consumer<Job> reader) {
        revision = changes.revision();
        store.jobs().each(job -> {
            told.put(job.id(), job.version());
            if (!job.definition().isEnabled()) {
                paused.add(job.id());
            }
            reader.accept(job);
        });
    }

    /** Tells of the jobs that moved, where their definition did. */
    void moved(Changes changes) {
        boolean isDefinitionChanged = revision == null || revision != changes.revision();
        revision = changes.revision();
        if (isDefinitionChanged) {
            changes.jobIds().stream().sorted().forEach(this::look);
        }
    }

    private void look(String id) {
        Optional<Job> found = store.jobs().find(id);
        if (found.isEmpty()) {
            paused.remove(id);
            told.remove(id);
            events.publish("cron.job-removed", "job", id);
            return;
        }
        Job job = found.get();
        Long before = told.put(id, job.version());
        if (before == null ? !isRecent(job) : before == job.version()) {
            return;
        }
        String name = job.definition().name();
        String version = Long.toString(job.version());
        boolean isEnabled = job.definition().isEnabled();
        boolean wasPaused = isEnabled ? paused.remove(id) : !paused.add(id);
        if (job.version() == 1) {
            events.publish("cron.job-created", "job", id, "name", name);
        } else if (!isEnabled && !wasPaused) {
            events.publish("cron.job-paused", "job", id, "name", name, "version", version);
        } else if (isEnabled && wasPaused) {
            events.publish("cron.job-resumed", "job", id, "name", name, "version", version);
        } else {
            events.publish("cron.job-edited", "job", id, "name", name, "version", version);
        }
    }

    /** Of a job that is not remembered: whether this version is new, or the job only moved beside another's change. */
    private boolean isRecent(Job job) {
        Instant since = environment.now().minus(RECENT);
        return job.definition()
                .get(JobField.UPDATED_AT)
                .or(() -> job.definition().get(JobField.CREATED_AT))
                .map(since::isBefore)
                .orElse(true);
    }
}
