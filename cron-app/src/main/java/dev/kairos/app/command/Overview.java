package dev.kairos.app.command;

import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Style;
import dev.kairos.app.terminal.TextWidth;

/** What {@code kairos} alone says. */
final class Overview {
    private static final int NAME_COLUMN = 12;

    private Overview() {}

    static void print(Io io) {
        Style style = new Style(io.hasColour());
        io.out().println(style.strong("kairos") + " <command> [options]");
        Commands.GROUPS.forEach((heading, commands) -> {
            io.out().println();
            io.out().println(style.strong(heading));
            commands.forEach((name, summary) -> io.out().println("  " + TextWidth.pad(name, NAME_COLUMN) + summary));
        });
        io.out().println();
        io.out().println("Every command takes --home DIR, --json, --help (with examples) and -v.");
        io.out()
                .println(
                        "Exit codes: 0 done, 1 failed or unhealthy, 2 wrong usage, 3 not found, 4 fire claimed nothing.");
        io.out().println("New here? kairos quickstart");
    }
}
