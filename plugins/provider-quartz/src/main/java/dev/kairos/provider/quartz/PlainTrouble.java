package dev.kairos.provider.quartz;

import java.sql.SQLException;

/** Trouble with the database in one sentence for a person; it never holds a password. */
final class PlainTrouble {
    private PlainTrouble() {}

    static String of(Throwable trouble) {
        SQLException deepest = null;
        int depth = 0;
        for (Throwable each = trouble; each != null && depth < 20; each = each.getCause(), depth++) {
            if (each instanceof SQLException sql && (deepest == null || sql.getSQLState() != null)) {
                deepest = sql;
            }
        }
        if (deepest == null) {
            return "Quartz answers with an error: " + firstLine(String.valueOf(trouble.getMessage()));
        }
        // The pool gives no state for a connection that was cut.
        String state = deepest.getSQLState() == null ? "08" : deepest.getSQLState();
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")) {
            return "the database cannot be reached (" + firstLine(String.valueOf(deepest.getMessage()))
                    + "): check that the server runs and that this machine may connect to it";
        }
        if (state.startsWith("28")) {
            return "the database does not let this user in: check cron.quartz.user and cron.quartz.password";
        }
        if (state.startsWith("3D")) {
            return "there is no such database: make it, or check cron.quartz.url";
        }
        if (state.equals("42501") || state.equals("3F000")) {
            return "the tables cannot be made or used (" + firstLine(String.valueOf(deepest.getMessage()))
                    + "): give the user the right, or name another schema by currentSchema in cron.quartz.url";
        }
        return "the database answers with an error: " + firstLine(String.valueOf(deepest.getMessage()));
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        int end = line.indexOf(". ");
        String sentence = end < 0 ? line : line.substring(0, end);
        return sentence.length() > 200 ? sentence.substring(0, 200) + "..." : sentence;
    }
}
