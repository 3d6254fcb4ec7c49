package dev.kairos.bench.scenario;

import java.time.Instant;

/** A scheduler in a scenario: its jobs do nothing but say that they ran. */
interface Contender extends AutoCloseable {
    /** Called by a job when it runs, on the thread that runs it. */
    interface Ran {
        void ran(int job);
    }

    /** Stores so many jobs that are all due at one instant. Returns when all are durable. */
    void store(int jobs, Instant dueAt) throws Exception;

    /** Begins to fire. */
    void start() throws Exception;

    /** How many of the jobs have ended, their completion committed. */
    long completed() throws Exception;

    @Override
    void close();
}
