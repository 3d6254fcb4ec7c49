-- A node claims only what it can deliver: the word before the colon of the target, in lower case.
ALTER TABLE envelopes ADD COLUMN platform TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE envelopes SET platform = lower(btrim(split_part(target, ':', 1)));
DROP INDEX envelopes_waiting;
CREATE INDEX envelopes_waiting ON envelopes (platform, next_attempt_at) WHERE state IN ('pending', 'retry');
