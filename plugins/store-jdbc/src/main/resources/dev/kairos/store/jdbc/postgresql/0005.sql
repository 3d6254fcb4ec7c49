-- readable since 3: the files that executions named to be delivered, for other machines; they go with the output.
CREATE TABLE output_files (
    execution_id TEXT COLLATE "C" NOT NULL REFERENCES outputs (execution_id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    job_id TEXT COLLATE "C" NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (execution_id, path)
);
CREATE INDEX output_files_job ON output_files (job_id);
