package dev.kairos.store.jdbc;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.NodeNote;
import dev.kairos.api.store.Nodes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The nodes in a SQL database. */
final class JdbcNodes implements Nodes {
    private static final String JOIN = "INSERT INTO nodes (id, boot_id, pid_namespace, pid, start_ticks, nonce, beat)"
            + " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO NOTHING";
    private static final String RENEW = "UPDATE nodes SET beat = beat + 1 WHERE id = ?";
    private static final String LIST =
            "SELECT boot_id, pid_namespace, pid, start_ticks, nonce, beat FROM nodes ORDER BY id";
    /** Waits for nobody: a node that is frozen in the middle of a claim is expelled once the server has ended that. */
    private static final String EXPEL =
            "DELETE FROM nodes WHERE id = (SELECT id FROM nodes WHERE id = ? AND beat = ? {postgresql FOR UPDATE SKIP LOCKED})";

    private static final String NOW = "{sqlite CAST(unixepoch('subsec') * 1000 AS INTEGER)}"
            + "{postgresql floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint}";
    private static final String NOTE = "UPDATE nodes SET note = ?, noted_at = " + NOW + " WHERE id = ?";
    private static final String NOTES =
            "SELECT id, note, " + NOW + " - noted_at FROM nodes WHERE note IS NOT NULL ORDER BY id";
    private static final String LEAVE = "DELETE FROM nodes WHERE id = ?";

    private final Transactions database;

    private final Optional<String> clock;

    /**
     * The nodes behind these transactions.
     *
     * @param clock reads the database's clock, if it has one of its own
     */
    JdbcNodes(Transactions database, Optional<String> clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void join(NodeIdentity node) {
        database.writeApart(transaction -> made(
                transaction,
                transaction
                        .sql(JOIN)
                        .text(node.id())
                        .text(node.bootId())
                        .text(node.pidNamespace())
                        .number(node.pid())
                        .number(node.startTicks())
                        .text(node.nonce())));
    }

    @Override
    public boolean renew(String node) {
        return database.writeApart(
                transaction -> made(transaction, transaction.sql(RENEW).text(node)));
    }

    @Override
    public List<Lease> leases() {
        return database.read(session -> session.sql(LIST).list(cells -> new Lease(identity(cells), cells.number())));
    }

    private static NodeIdentity identity(Cells cells) throws SQLException {
        String bootId = cells.text();
        String pidNamespace = cells.text();
        long pid = cells.number();
        long startTicks = cells.number();
        return NodeIdentity.builder(bootId, pid, cells.text())
                .pidNamespace(pidNamespace)
                .startTicks(startTicks)
                .build();
    }

    @Override
    public boolean expel(String node, long seenBeat) {
        return database.write(transaction ->
                made(transaction, transaction.sql(EXPEL).text(node).number(seenBeat)));
    }

    @Override
    public void leave(String node) {
        database.writeApart(
                transaction -> made(transaction, transaction.sql(LEAVE).text(node)));
    }

    /** Not on the lease's own connection: nothing may keep that from being renewed. */
    @Override
    public void note(String node, String text) {
        database.write(transaction ->
                made(transaction, transaction.sql(NOTE).text(text).text(node)));
    }

    @Override
    public List<NodeNote> notes() {
        return database.read(session -> session.sql(NOTES).list(JdbcNodes::noteOf));
    }

    /** A machine's clock, SQLite's, may have gone back. */
    private static NodeNote noteOf(Cells cells) throws SQLException {
        return new NodeNote(cells.text(), cells.text(), Duration.ofMillis(Math.max(0, cells.number())));
    }

    @Override
    public Optional<Instant> clock() {
        return clock.map(sql -> database.readApart(session -> session.sql(sql)
                .first(Cells::time)
                .orElseThrow(() -> new SQLException("the database's clock shows nothing"))));
    }

    private static boolean made(WriteTransaction transaction, Sql write) throws SQLException {
        boolean changed = write.update() > 0;
        if (changed) {
            transaction.wrote();
        }
        return changed;
    }
}
