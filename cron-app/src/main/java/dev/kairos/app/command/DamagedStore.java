package dev.kairos.app.command;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.StoreOpener;
import java.util.List;

/** A store that cannot be worked on: what its database finds in it, and what a person can do. */
final class DamagedStore {
    private DamagedStore() {}

    /**
     * What the store itself says, opened for a look alone.
     *
     * @param refusal why it could not be opened to be worked on; thrown again where a look finds nothing
     * @throws StoreException if it cannot even be looked at
     */
    static List<String> findings(Session session, StoreException refusal) {
        String url = session.configuration().get(ConfigKey.STORE_URL).orElseThrow();
        try (JobStore store = StoreOpener.openUnchanged(url, session.home(), session.environment(), session::plugins)) {
            List<String> wrong = store.check();
            if (wrong.isEmpty()) {
                throw refusal;
            }
            return wrong;
        }
    }

    /** What to do about it. */
    static String advice(Session session) {
        String copy = "Stop every Kairos process and keep a copy of ";
        return StoreFile.of(session)
                .map(file -> copy + file
                        + " with its -wal and -shm. Then move them away and put a backup back: kairos store"
                        + " migrate --from jdbc:sqlite:BACKUP --to jdbc:sqlite:" + file
                        + ". Without a backup kairos list"
                        + " makes a new store from jobs.json, without what ran; docs/stores.md says how to save more.")
                .orElse(copy + "the database, and restore a backup or ask for help.");
    }
}
