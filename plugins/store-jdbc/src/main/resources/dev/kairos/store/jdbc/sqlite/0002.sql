-- What the host remembers beside the executions: the version of the tz database, lapsed sessions.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
