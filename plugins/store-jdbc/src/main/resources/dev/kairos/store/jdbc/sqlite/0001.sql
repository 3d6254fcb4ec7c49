-- Instants are milliseconds since 1970 UTC; words are those of the ledger and of jobs.json.

-- One row. revision counts the commits that changed definitions, moves those that moved a job,
-- numbered gives executions their seq; judged and judged_most are where pruning stands.
CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    store_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    moves INTEGER NOT NULL,
    numbered INTEGER NOT NULL,
    judged INTEGER NOT NULL,
    judged_most INTEGER NOT NULL
);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    defined_at INTEGER NOT NULL,
    ability TEXT NOT NULL,
    moved INTEGER NOT NULL,
    state TEXT NOT NULL,
    next_run_at INTEGER,
    due_at INTEGER,
    last_scheduled_at INTEGER,
    completed_count INTEGER NOT NULL,
    run_count INTEGER NOT NULL,
    failure_streak INTEGER NOT NULL,
    last_run_at INTEGER,
    last_status TEXT,
    last_error TEXT,
    last_delivery_status TEXT,
    last_delivery_error TEXT,
    last_took INTEGER,
    skip_execution TEXT,
    skip_reason TEXT,
    skip_from INTEGER,
    skip_to INTEGER,
    skip_count INTEGER
);
CREATE INDEX jobs_due ON jobs (ability, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_moved ON jobs (moved);

-- The definition in force has no until; the others stood from revision since until before revision until.
CREATE TABLE definitions (
    job_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (job_id, since)
);
CREATE INDEX definitions_past ON definitions (until) WHERE until IS NOT NULL;

CREATE TABLE removals (
    job_id TEXT PRIMARY KEY,
    moved INTEGER NOT NULL
);
CREATE INDEX removals_moved ON removals (moved);

CREATE TABLE executions (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL,
    trigger_word TEXT NOT NULL,
    scheduled_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL,
    due_at INTEGER,
    node TEXT,
    fence INTEGER NOT NULL,
    job_version INTEGER NOT NULL,
    claimed_at INTEGER,
    started_at INTEGER,
    finished_at INTEGER,
    reason TEXT,
    missed_from INTEGER,
    missed_to INTEGER,
    missed_count INTEGER,
    error TEXT,
    failure_kind TEXT,
    output TEXT,
    source TEXT,
    spare INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX executions_key
    ON executions (job_id, scheduled_at, attempt, (CASE trigger_word WHEN 'schedule' THEN '' ELSE id END));
CREATE INDEX executions_newest ON executions (scheduled_at);
CREATE INDEX executions_open ON executions (job_id)
    WHERE status IN ('requested', 'queued', 'retry', 'claimed', 'running');
CREATE INDEX executions_waiting ON executions (due_at, job_id)
    WHERE status IN ('requested', 'queued', 'retry') AND due_at IS NOT NULL;
-- spare: beyond the newest rows of its job that are kept whatever their age.
CREATE INDEX executions_spare ON executions (coalesce(finished_at, scheduled_at)) WHERE spare = 1;

CREATE TABLE envelopes (
    execution_id TEXT NOT NULL,
    content TEXT NOT NULL,
    target TEXT NOT NULL,
    job_id TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    node TEXT,
    fence INTEGER NOT NULL,
    receipts TEXT NOT NULL,
    error TEXT,
    PRIMARY KEY (execution_id, content, target)
);
CREATE INDEX envelopes_job ON envelopes (job_id);
CREATE INDEX envelopes_waiting ON envelopes (next_attempt_at) WHERE state IN ('pending', 'retry');

CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    boot_id TEXT NOT NULL,
    pid_namespace TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL,
    nonce TEXT NOT NULL,
    beat INTEGER NOT NULL
);
