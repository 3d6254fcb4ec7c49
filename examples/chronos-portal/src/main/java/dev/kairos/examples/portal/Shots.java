package dev.kairos.examples.portal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The one-shots that are armed, on SQLite: at most one per agent and job. Thread-safe. */
final class Shots implements AutoCloseable {
    private static final String COLUMNS = "schedule_id, agent, job_id, fire_at, callback, attempts, next_attempt";

    private final Connection connection;
    private final Semaphore changed = new Semaphore(0);

    /** The file's, which is made where it is missing. */
    Shots(Path file) throws SQLException, IOException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + PrivateFiles.touch(file));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("CREATE TABLE IF NOT EXISTS shots (schedule_id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL,"
                    + " job_id TEXT NOT NULL, fire_at INTEGER NOT NULL, callback TEXT NOT NULL, dedup_key TEXT NOT NULL,"
                    + " attempts INTEGER NOT NULL, next_attempt INTEGER NOT NULL, PRIMARY KEY (agent, job_id))");
            statement.execute("CREATE INDEX IF NOT EXISTS shots_due ON shots (next_attempt)");
        }
    }

    /** Arms the job's one-shot in place of the one it has; the same key again changes nothing. Answers its schedule. */
    synchronized String provision(String agent, String jobId, Instant fireAt, String callback, String dedupKey)
            throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO shots VALUES (?, ?, ?, ?, ?, ?, 0, ?)"
                + " ON CONFLICT (agent, job_id) DO UPDATE SET schedule_id = excluded.schedule_id,"
                + " fire_at = excluded.fire_at, callback = excluded.callback, dedup_key = excluded.dedup_key,"
                + " attempts = 0, next_attempt = excluded.next_attempt WHERE dedup_key <> excluded.dedup_key")) {
            upsert.setString(1, UUID.randomUUID().toString());
            upsert.setString(2, agent);
            upsert.setString(3, jobId);
            upsert.setLong(4, fireAt.toEpochMilli());
            upsert.setString(5, callback);
            upsert.setString(6, dedupKey);
            upsert.setLong(7, fireAt.toEpochMilli());
            upsert.executeUpdate();
        }
        changed.release();
        return select("WHERE agent = ? AND job_id = ?", agent, jobId).get(0).scheduleId();
    }

    /** The agent's job is armed no more. */
    synchronized void cancel(String agent, String jobId) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM shots WHERE agent = ? AND job_id = ?")) {
            delete.setString(1, agent);
            delete.setString(2, jobId);
            delete.executeUpdate();
        }
    }

    /** What is armed of the agent, the soonest first. */
    synchronized List<Shot> of(String agent) throws SQLException {
        return select("WHERE agent = ? ORDER BY fire_at", agent);
    }

    /** The next ones to call for, the soonest first, due or not. */
    synchronized List<Shot> next(int most) throws SQLException {
        return select("ORDER BY next_attempt LIMIT " + most);
    }

    /** The agent took it; its successor, if there is one by now, stays. */
    synchronized void fired(Shot shot) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM shots WHERE schedule_id = ?")) {
            delete.setString(1, shot.scheduleId());
            delete.executeUpdate();
        }
    }

    /** The agent did not take it. */
    synchronized void again(Shot shot, Instant at) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE shots SET attempts = attempts + 1, next_attempt = ? WHERE schedule_id = ?")) {
            update.setLong(1, at.toEpochMilli());
            update.setString(2, shot.scheduleId());
            update.executeUpdate();
        }
    }

    /** Waits for something new to be armed, for so long at most. */
    void awaitChange(long millis) throws InterruptedException {
        if (changed.tryAcquire(Math.max(1, millis), TimeUnit.MILLISECONDS)) {
            changed.drainPermits();
        }
    }

    private List<Shot> select(String rest, String... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS + " FROM shots " + rest)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            List<Shot> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Shot(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            Instant.ofEpochMilli(rows.getLong(4)),
                            rows.getString(5),
                            rows.getInt(6),
                            Instant.ofEpochMilli(rows.getLong(7))));
                }
            }
            return found;
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
