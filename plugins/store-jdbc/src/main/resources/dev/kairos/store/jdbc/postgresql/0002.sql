-- What the host remembers beside the executions: the version of the tz database, lapsed sessions.
CREATE TABLE facts (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);

-- What senders hold: looked at by every node, to find what dead ones left.
CREATE INDEX envelopes_in_hand ON envelopes (state) WHERE state IN ('claimed', 'sending');

-- Since when nobody knows whether a part arrived: a repetition is safe only for the lifetime of the platform's key.
ALTER TABLE envelopes ADD COLUMN unknown_since BIGINT;

-- How many attempts of the row's run failed so far in a way that its retry budget pays for.
ALTER TABLE executions ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
