package dev.kairos.api.store;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the host decided about one job inside a store's transaction: everything in it is written, or nothing. The host
 * builds it; a store applies it, in this order: rows deleted, rows written, envelopes inserted, then the job changed or
 * removed. A row or envelope that names another job is an {@link IllegalArgumentException}.
 *
 * <p>A removed job is never revived: about a job that is not there, engine state, definition and removal are left out,
 * and open envelopes are written as cancelled.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Amendment {
    private static final Amendment NONE = new Amendment(new Builder());

    private final Optional<EngineState> engine;
    private final Optional<JobDefinition> definition;
    private final boolean removesJob;
    private final List<Execution> rows;
    private final List<String> deletedRows;
    private final List<Envelope> envelopes;
    private final Map<String, String> outputs;
    private final List<KeptFile> files;

    private Amendment(Builder builder) {
        engine = builder.engine;
        definition = builder.definition;
        removesJob = builder.removesJob;
        rows = List.copyOf(builder.rows);
        deletedRows = List.copyOf(builder.deletedRows);
        envelopes = List.copyOf(builder.envelopes);
        outputs = Map.copyOf(builder.outputs);
        files = List.copyOf(builder.files);
    }

    /** Nothing is written. */
    public static Amendment none() {
        return NONE;
    }

    /** A builder for a change. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether nothing is to be written. */
    public boolean isNone() {
        return engine.isEmpty()
                && definition.isEmpty()
                && !removesJob
                && rows.isEmpty()
                && deletedRows.isEmpty()
                && envelopes.isEmpty()
                && outputs.isEmpty()
                && files.isEmpty();
    }

    /** The job's new engine state. */
    public Optional<EngineState> engine() {
        return engine;
    }

    /** The job's new definition: the store adds one to its version and to its own revision. */
    public Optional<JobDefinition> definition() {
        return definition;
    }

    /** Whether the job is removed, its open envelopes ended as cancelled. */
    public boolean removesJob() {
        return removesJob;
    }

    /** Executions to insert, or to replace by id. */
    public List<Execution> rows() {
        return rows;
    }

    /** Ids of executions to delete. */
    public List<String> deletedRows() {
        return deletedRows;
    }

    /** Envelopes to insert; one that exists already stays as it is. */
    public List<Envelope> envelopes() {
        return envelopes;
    }

    /**
     * What executions said, by their ids, at most some 2 MiB each: for a store that {@link JobStore#keepsOutputs keeps
     * outputs}; any other leaves them aside.
     */
    public Map<String, String> outputs() {
        return outputs;
    }

    /**
     * Files that executions named to be delivered, some 10 MiB for one execution at most, each with or after the output of its
     * execution: for a store that {@link JobStore#keepsOutputs keeps outputs}; any other leaves them aside.
     */
    public List<KeptFile> files() {
        return files;
    }

    /** The same change with one more output. */
    public Amendment withOutput(String executionId, String output) {
        return toBuilder().output(executionId, output).build();
    }

    /** The same change with more files. */
    public Amendment withFiles(List<KeptFile> more) {
        Builder builder = toBuilder();
        builder.files.addAll(more);
        return builder.build();
    }

    private Builder toBuilder() {
        Builder builder = new Builder();
        builder.engine = engine;
        builder.definition = definition;
        builder.removesJob = removesJob;
        builder.rows.addAll(rows);
        builder.deletedRows.addAll(deletedRows);
        builder.envelopes.addAll(envelopes);
        builder.outputs.putAll(outputs);
        builder.files.addAll(files);
        return builder;
    }

    /** Collects what to write. Not thread-safe. */
    public static final class Builder {
        private Optional<EngineState> engine = Optional.empty();
        private Optional<JobDefinition> definition = Optional.empty();
        private boolean removesJob;
        private final List<Execution> rows = new ArrayList<>();
        private final List<String> deletedRows = new ArrayList<>();
        private final List<Envelope> envelopes = new ArrayList<>();
        private final Map<String, String> outputs = new HashMap<>();
        private final List<KeptFile> files = new ArrayList<>();

        private Builder() {}

        /** Writes the engine state. */
        public Builder engine(EngineState value) {
            engine = Optional.of(value);
            return this;
        }

        /** Writes the definition. */
        public Builder definition(JobDefinition value) {
            definition = Optional.of(value);
            return this;
        }

        /** Removes the job. */
        public Builder removeJob() {
            removesJob = true;
            return this;
        }

        /** Inserts the row, or replaces the one with its id. */
        public Builder row(Execution row) {
            rows.add(row);
            return this;
        }

        /** Keeps what an execution said, where the store keeps outputs. */
        public Builder output(String executionId, String output) {
            outputs.put(executionId, output);
            return this;
        }

        /** Keeps a file that an execution named, where the store keeps outputs. */
        public Builder file(KeptFile file) {
            files.add(file);
            return this;
        }

        /** Deletes a row. */
        public Builder deleteRow(String executionId) {
            deletedRows.add(executionId);
            return this;
        }

        /** Inserts an envelope. */
        public Builder envelope(Envelope envelope) {
            envelopes.add(envelope);
            return this;
        }

        /** The amendment. */
        public Amendment build() {
            return new Amendment(this);
        }
    }
}
