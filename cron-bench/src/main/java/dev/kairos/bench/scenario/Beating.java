package dev.kairos.bench.scenario;

import java.time.Instant;

/** A scheduler whose jobs are all due each second and only say when they began. */
interface Beating extends AutoCloseable {
    /** Called by a job when it begins, on the thread that runs it. */
    interface Beat {
        void begins(Instant scheduled);
    }

    /** Stores so many jobs and begins to fire. */
    void start(int jobs, Beat beat) throws Exception;

    @Override
    void close();
}
