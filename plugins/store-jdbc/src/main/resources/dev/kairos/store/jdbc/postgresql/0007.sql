-- readable since 3: what a node says of itself, and when by the clock of the database; a node of an older version says nothing.
ALTER TABLE nodes ADD COLUMN note TEXT;
ALTER TABLE nodes ADD COLUMN noted_at BIGINT;
