package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One job of a file.
 *
 * @param id its id, legal
 * @param raw the record as it came; of a record that is no object, an object that holds it
 * @param definition what a person declared; empty if it cannot be read
 * @param fault why it cannot be read; empty text if it can
 */
record FileRecord(String id, Map<String, @Nullable Object> raw, Optional<JobDefinition> definition, String fault) {
    /** The key under which a record that is no object is held. */
    static final String NO_OBJECT = "not_an_object";

    /** Why a record cannot be read, as a clause. */
    static String faultOf(InvalidInputException e) {
        return e.where() + ": " + e.reason() + (e.given().isEmpty() ? "" : " (given: \"" + e.given() + "\")");
    }
}
