-- Since when nobody knows whether a part arrived: a repetition is safe only for the lifetime of the platform's key.
ALTER TABLE envelopes ADD COLUMN unknown_since INTEGER;
