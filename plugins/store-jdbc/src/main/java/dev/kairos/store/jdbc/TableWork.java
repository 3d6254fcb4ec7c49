package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import java.util.HexFormat;
import java.util.Map;

/**
 * What may become of a store's tables when it is opened.
 *
 * @param environment gives the id of a store that is made now, and the time that is waited
 * @param isAllowed whether they may be made or upgraded; else a store that would need it is refused
 * @param facts what the ledger of a store that is made now holds from its first moment
 */
record TableWork(Environment environment, boolean isAllowed, Map<String, String> facts) {
    static TableWork allowed(Environment environment) {
        return new TableWork(environment, true, Map.of());
    }

    static TableWork refused(Environment environment) {
        return new TableWork(environment, false, Map.of());
    }

    /** Drawn only for a new store: the source of chance may be slow to wake up. */
    String newStoreId() {
        return HexFormat.of().toHexDigits(environment.random().nextLong());
    }
}
