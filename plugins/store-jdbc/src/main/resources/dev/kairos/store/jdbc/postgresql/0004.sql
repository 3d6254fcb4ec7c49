-- readable since 3: what an agent's attempt used of its model, in one line; see Usage.text().
ALTER TABLE executions ADD COLUMN usage TEXT;
