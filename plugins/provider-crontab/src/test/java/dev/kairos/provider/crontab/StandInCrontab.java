package dev.kairos.provider.crontab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that does what {@code crontab} does, on a file beside it, and counts what was written. */
final class StandInCrontab {
    private final Path program;
    private final Path table;
    private final Path writes;

    StandInCrontab(Path folder) throws IOException {
        program = folder.resolve("crontab");
        table = folder.resolve("table");
        writes = folder.resolve("writes");
        script("");
    }

    /** With more to do before it shows the table: somebody else who edits at the same time. */
    void script(String beforeShowing) throws IOException {
        Files.writeString(
                program,
                String.join(
                        "\n",
                        "#!/bin/sh",
                        "table='" + table + "'",
                        "case $1 in",
                        "-l)",
                        beforeShowing,
                        "    [ -f \"$table\" ] || { echo 'no crontab for somebody' >&2; exit 1; }",
                        "    cat \"$table\" ;;",
                        "-) cat >\"$table.new\" && mv \"$table.new\" \"$table\" && echo x >>'" + writes + "' ;;",
                        "*) echo \"usage: $*\" >&2; exit 2 ;;",
                        "esac",
                        ""));
        program.toFile().setExecutable(true);
    }

    Path program() {
        return program;
    }

    Path file() {
        return table;
    }

    void edit(String text) throws IOException {
        Files.write(table, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    String text() throws IOException {
        return Files.exists(table) ? Files.readString(table, StandardCharsets.ISO_8859_1) : "";
    }

    /** The lines that cron would act on. */
    List<String> entries() throws IOException {
        return text().lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    int writes() throws IOException {
        return Files.exists(writes) ? Files.readAllLines(writes).size() : 0;
    }
}
