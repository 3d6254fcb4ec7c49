package dev.kairos.app;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A store that notes how its jobs are read. */
final class JobsWatchedStore extends ForwardingStore {
    private final List<String> asked;

    /**
     * Over a store.
     *
     * @param asked gets the name of each method that reads, and "job" for each one that is handed over
     */
    JobsWatchedStore(JobStore store, List<String> asked) {
        super(store);
        this.asked = asked;
    }

    @Override
    public Jobs jobs() {
        return new Watched(store.jobs(), asked);
    }

    private record Watched(Jobs jobs, List<String> asked) implements Jobs {
        @Override
        public List<String> create(List<Job> created) {
            return jobs.create(created);
        }

        @Override
        public Optional<Job> find(String id) {
            asked.add("find");
            return jobs.find(id);
        }

        @Override
        public List<Job> list() {
            asked.add("list");
            return jobs.list();
        }

        @Override
        public void each(Consumer<Job> reader) {
            asked.add("each");
            jobs.each(noted(reader));
        }

        @Override
        public void eachAsKept(Consumer<Job> reader) {
            asked.add("each");
            jobs.eachAsKept(noted(reader));
        }

        private Consumer<Job> noted(Consumer<Job> reader) {
            return job -> {
                asked.add("job");
                reader.accept(job);
            };
        }

        @Override
        public Changes changesSince(long cursor) {
            return jobs.changesSince(cursor);
        }

        @Override
        public Optional<Map<String, JobDefinition>> definitionsAt(long revision) {
            return jobs.definitionsAt(revision);
        }
    }
}
