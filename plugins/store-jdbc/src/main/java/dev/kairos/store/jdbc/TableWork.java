package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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

    static TableWork allowed(Environment environment, Map<String, String> facts) {
        return new TableWork(environment, true, Map.copyOf(facts));
    }

    static TableWork refused(Environment environment) {
        return new TableWork(environment, false, Map.of());
    }

    /** Writes the facts, in the transaction that makes the store. */
    void keepFacts(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO facts (name, value) VALUES (?, ?)")) {
            for (Map.Entry<String, String> fact : facts.entrySet()) {
                insert.setString(1, fact.getKey());
                insert.setString(2, fact.getValue());
                insert.execute();
            }
        }
    }

    /** Drawn only for a new store: the source of chance may be slow to wake up. */
    String newStoreId() {
        return HexFormat.of().toHexDigits(environment.random().nextLong());
    }
}
