package dev.kairos.app.command;

import dev.kairos.builtin.CronRuntime;
import java.util.List;

/**
 * The home's runtime while a command fires in this process. Whoever asks the process to end interrupts the command; what
 * it started then gets its time and is recorded, and the node leaves the store.
 */
final class FiringHere implements AutoCloseable {
    private final Session session;
    private final CronRuntime runtime;

    private FiringHere(Session session, CronRuntime runtime) {
        this.session = session;
        this.runtime = runtime;
    }

    /** Joins the store's nodes, which recovers what dead nodes left. */
    static FiringHere join(Session session, CronRuntime runtime) {
        session.endOnRequest();
        FiringHere here = new FiringHere(session, runtime);
        try {
            runtime.join();
        } catch (RuntimeException | Error trouble) {
            runtime.stop();
            throw trouble;
        }
        return here;
    }

    Session session() {
        return session;
    }

    CronRuntime runtime() {
        return runtime;
    }

    @Override
    public void close() {
        if (session.isEndAsked()) {
            List<String> running = running();
            session.note(
                    running.isEmpty()
                            ? "stopping: nothing more is claimed; what is being delivered gets 15 s"
                            : "stopping: nothing more is claimed; execution " + String.join(", ", running)
                                    + " gets 30 s, then it is ended");
        }
        runtime.stop();
    }

    /** A store that does not answer must not keep the node from leaving. */
    private List<String> running() {
        try {
            return runtime.status().running();
        } catch (RuntimeException e) {
            return List.of();
        }
    }
}
