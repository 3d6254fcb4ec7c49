-- readable since 3: what executions said and the files they named, where a copy of another store brought them along.
CREATE TABLE outputs (
    execution_id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    page TEXT NOT NULL
);
CREATE INDEX outputs_job ON outputs (job_id);
CREATE TABLE output_files (
    execution_id TEXT NOT NULL,
    path TEXT NOT NULL,
    job_id TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (execution_id, path)
);
CREATE INDEX output_files_job ON output_files (job_id);
-- SQLite keeps no promise of a foreign key unless every connection asks for it.
CREATE TRIGGER outputs_gone AFTER DELETE ON outputs BEGIN DELETE FROM output_files WHERE execution_id = OLD.execution_id; END;
