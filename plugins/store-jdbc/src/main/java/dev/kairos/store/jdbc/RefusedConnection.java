package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * Why PostgreSQL gave no connection, in words that say what to do about just that. Shows nothing of the URL's options.
 *
 * @param kind what kind of trouble
 * @param words what the store did, and what to do
 */
record RefusedConnection(Kind kind, String words) {
    private static final int DEEPEST = 10;

    /** What the driver answers where it and the server do not agree how to begin. */
    private static final String REJECTED = "08004";

    /** The server is there and lets nobody in yet, or no more. */
    private static final String NOT_NOW = "57P03";

    /** The server, or the role, has as many as it may. */
    private static final String TOO_MANY = "53300";

    private static final String WRONG_PASSWORD = "28P01";

    /** Any other refusal of a user. */
    private static final String REFUSED_USER = "28";

    /**
     * Looks whether that is what a failure tells of.
     *
     * @param state the SQL state of the failure
     * @param said the words of the driver or the server
     */
    static Optional<RefusedConnection> of(PostgresUrl url, SQLException failure, String state, String said) {
        if (state.equals(WRONG_PASSWORD)) {
            return Optional.of(new RefusedConnection(
                    Kind.UNUSABLE,
                    "does not take this user with this password: correct user and password in store.url."));
        }
        if (state.startsWith(REFUSED_USER)) {
            return Optional.of(new RefusedConnection(
                    Kind.UNUSABLE,
                    "refuses this user: see whether the user in store.url may log in, and whether pg_hba.conf lets it in to"
                            + " this database from this machine."));
        }
        if (state.equals(NOT_NOW)) {
            return Optional.of(new RefusedConnection(
                    Kind.TRANSIENT,
                    "takes no connections just now (" + firstSentence(said) + "): its server is starting, stopping or"
                            + " recovering. Wait until it is up and try again; a daemon at work does so by itself."));
        }
        if (state.equals(TOO_MANY)) {
            return Optional.of(new RefusedConnection(
                    Kind.TRANSIENT,
                    "has no connection left for this user (" + firstSentence(said)
                            + "): let others end theirs, or raise"
                            + " max_connections of the server or the limit of the role."));
        }
        if (state.equals(REJECTED)) {
            return Optional.of(rejected(url, said));
        }
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            Optional<RefusedConnection> unreachable = unreachable(cause, said);
            if (unreachable.isPresent()) {
                return unreachable;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** The state does not tell a password that is missing from encryption that is; the driver's words are in any language. */
    private static RefusedConnection rejected(PostgresUrl url, String said) {
        String what = "refuses the connection (" + firstSentence(said) + "): ";
        return url.hasPassword() || url.asksForSafety()
                ? new RefusedConnection(
                        Kind.TRANSIENT,
                        what
                                + "compare what store.url gives and asks for (password, sslmode) with what the server wants.")
                : new RefusedConnection(
                        Kind.UNUSABLE,
                        what + "store.url gives no password; add password=${file:/path} to it, with & before if another"
                                + " option stands there.");
    }

    private static Optional<RefusedConnection> unreachable(Throwable cause, String said) {
        if (cause instanceof UnknownHostException) {
            return Optional.of(lost(
                    "nobody here knows the name " + firstWord(String.valueOf(cause.getMessage())),
                    "correct the host in store.url, or see to this machine's name resolution."));
        }
        if (cause instanceof ReflectiveOperationException) {
            return Optional.of(
                    new RefusedConnection(
                            Kind.UNUSABLE,
                            "cannot be reached (" + firstSentence(said)
                                    + "): an option in store.url names a class that is not there; correct it, or take it away."));
        }
        String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof ConnectException && words.contains("refused")) {
            return Optional.of(lost(
                    firstSentence(said),
                    "nothing listens there; check that the server runs, and the host and the port in store.url."));
        }
        return cause instanceof ConnectException
                        || cause instanceof NoRouteToHostException
                        || cause instanceof SocketTimeoutException && words.contains("connect")
                ? Optional.of(lost(
                        "nothing answers from there",
                        "check the host and the port in store.url, that the server's machine is up, and that no firewall is"
                                + " in between."))
                : Optional.empty();
    }

    private static RefusedConnection lost(String what, String advice) {
        return new RefusedConnection(Kind.TRANSIENT, "cannot be reached (" + what + "): " + advice);
    }

    /** A resolver may add its own words behind the name. */
    private static String firstWord(String text) {
        int end = text.indexOf(": ");
        return end < 0 ? text : text.substring(0, end);
    }

    /** The driver's advice is as long as ours. */
    static String firstSentence(String text) {
        int end = text.indexOf(". ");
        String first = end < 0 ? text : text.substring(0, end);
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
