package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbered scripts that make the tables what this version expects; forward only. The files are {@code 0001.sql},
 * {@code 0002.sql} ... in the dialect's resource folder, one after another without a gap; a statement ends with a
 * semicolon at the end of a line.
 *
 * <p>A script that only adds what an older version does not need to know says so in its first line, {@code -- readable since
 * N}: a version whose newest script is {@code N} works on those tables beside a newer one (docs/adr/0011).
 */
final class Migrations {
    /** The newest script; a test compares it with the files. */
    static final int NEWEST = 7;

    /** Which versions were made, and since which one they can be read; a row is missing where nobody wrote it down. */
    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS kairos_migrations (version BIGINT PRIMARY KEY," + " readable_since BIGINT)";

    private static final Pattern READABLE = Pattern.compile("\\A-- readable since (\\d+)\\b");

    private static final Pattern COMMENTS = Pattern.compile("(?m)^--.*$");

    private final String folder;
    private final List<String> further;

    Migrations(String folder) {
        this(folder, List.of());
    }

    /** @param further scripts of versions that are still to come, for tests */
    Migrations(String folder, List<String> further) {
        this.folder = folder;
        this.further = List.copyOf(further);
    }

    int newest() {
        return NEWEST + further.size();
    }

    /** Runs every script after version {@code from}, in the caller's transaction, and writes down that it did. */
    void run(Statement statement, int from) throws SQLException {
        statement.execute(TABLE);
        for (int version = from + 1; version <= newest(); version++) {
            String script = script(version);
            for (String sql : script.split(";\\s*\n")) {
                if (!COMMENTS.matcher(sql).replaceAll("").isBlank()) {
                    statement.execute(sql);
                }
            }
            statement.execute("INSERT INTO kairos_migrations (version, readable_since) VALUES (" + version + ", "
                    + readableSince(version, script) + ")");
        }
    }

    /** The oldest version that can work on the tables which the script makes. */
    private static int readableSince(int version, String script) {
        Matcher said = READABLE.matcher(script);
        return said.find() ? Integer.parseInt(said.group(1)) : version;
    }

    /** Whether tables of a newer version can be worked on by this one, as the newer one wrote down. */
    boolean canRead(Statement statement, int version) throws SQLException {
        try (ResultSet results = statement.executeQuery("SELECT count(*), count(readable_since), max(readable_since)"
                + " FROM kairos_migrations WHERE version > " + newest())) {
            results.next();
            int unknown = version - newest();
            return results.getInt(1) == unknown && results.getInt(2) == unknown && results.getInt(3) <= newest();
        }
    }

    /** Why tables of a newer version are left alone, and what to do. */
    StoreException refused(String store, int version) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "The store " + store + " was written by a newer Kairos (its tables have version " + version
                        + ", this one knows up to " + newest() + ", and what was changed since is not readable for it):"
                        + " upgrade this Kairos, or go back to a backup made before the upgrade.",
                null);
    }

    /** Why tables of an older version are not worked on by somebody who may not change them, and what to do. */
    StoreException tooOld(String store, int version) {
        return new StoreException(
                StoreException.Kind.OUTDATED,
                "The store " + store + " was written by an older Kairos (its tables are of version " + version
                        + ", this one works on version " + newest()
                        + "), and nothing was changed in it. What to do: the next start of a daemon (kairos serve) brings the"
                        + " tables up to date; without one, or for a copy of a store that is to stay as it is, \"kairos store"
                        + " check\" does, with KAIROS_STORE_URL set to it",
                null);
    }

    /** Why a store that is to be read is none. */
    static StoreException none(String store, String why, String advice) {
        return new StoreException(
                StoreException.Kind.ABSENT,
                "There is no store at " + store + " (" + why + "), and none was made. What to do: " + advice,
                null);
    }

    private String script(int version) {
        if (version > NEWEST) {
            return further.get(version - NEWEST - 1);
        }
        String name = folder + "/" + String.format("%04d.sql", version);
        try (InputStream stream = Migrations.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the script " + name + " is missing from this build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
