package dev.kairos.app;

import dev.kairos.app.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A home that real daemons serve, and the file that its scripts write their side effects to. */
final class ServedHome implements AutoCloseable {
    /** What a script does: one append of one line, small enough to be atomic. */
    static final String EFFECT =
            "printf '%s %s %s\\n' \"$KAIROS_JOB_ID\" \"$KAIROS_SCHEDULED_AT\" \"$KAIROS_EXECUTION_ID\" >> ";

    private final Path folder;
    private final Path home;
    private final List<Path> homes = new ArrayList<>();
    private final Cli cli;
    private final List<ServeProcess> started = new ArrayList<>();

    ServedHome(Path folder) throws IOException {
        this(folder, folder.resolve("home"));
    }

    /** A home apart from the folder of the logs and the side effects. */
    ServedHome(Path folder, Path home) throws IOException {
        this.folder = folder;
        this.home = home;
        this.cli = Cli.at(home);
        add(home);
    }

    /** Homes as they are on several machines, each with the same scripts and nothing else in common but the store. */
    static ServedHome sharing(Path folder, String storeUrl, int homes) throws IOException {
        ServedHome shared = new ServedHome(folder, folder.resolve("home-0"));
        for (int i = 1; i < homes; i++) {
            shared.add(folder.resolve("home-" + i));
        }
        for (Path one : shared.homes) {
            Files.writeString(one.resolve("config.yaml"), "store:\n  url: \"" + storeUrl + "\"\n");
        }
        return shared;
    }

    private void add(Path one) throws IOException {
        Files.createDirectories(one.resolve("scripts"));
        homes.add(one);
    }

    Path home() {
        return home;
    }

    Path stateFile() {
        return home.resolve("cron").resolve("state.db");
    }

    Path jobsFile() {
        return home.resolve("cron").resolve("jobs.json");
    }

    Cli cli() {
        return cli;
    }

    /** Where the scripts append; outside the home. */
    Path effectsFile() {
        return folder.resolve("effects");
    }

    List<Effect> effects() {
        return Effect.read(effectsFile());
    }

    /** A shell script that leaves its side effect and then does the rest. */
    void script(String name, String rest) throws IOException {
        for (Path one : homes) {
            Path file = one.resolve("scripts").resolve(name);
            Files.writeString(file, "#!/bin/sh\n" + EFFECT + "'" + effectsFile() + "'\n" + rest + "\n");
            file.toFile().setExecutable(true);
        }
    }

    /** Stores jobs as a file of another tool would, with their first instants. */
    void importJobs(List<Map<String, Object>> jobs) throws IOException {
        Path file = Files.writeString(folder.resolve("import.json"), Json.document(Map.of("jobs", jobs)));
        cli.done("import", file.toString());
    }

    /** A job's record with what every one of these jobs has. */
    static Map<String, Object> record(String id, String schedule, String script) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("id", id);
        record.put("name", id);
        record.put("schedule", schedule);
        record.put("script", script);
        record.put("no_agent", true);
        return record;
    }

    ServeProcess serve() throws IOException {
        return serveOf(started.size() % homes.size());
    }

    /** A daemon of one of the homes, from 0. */
    ServeProcess serveOf(int index) throws IOException {
        ServeProcess daemon = ServeProcess.on(homes.get(index), folder.resolve("serve-" + started.size() + ".log"));
        started.add(daemon);
        return daemon;
    }

    /** The rows of all jobs, those of removed ones too. */
    List<Row> rows() {
        return Row.all(cli.done("runs", "--json", "--limit", "10000"));
    }

    List<Row> rows(String job) {
        return Row.all(cli.done("runs", job, "--json", "--limit", "10000"));
    }

    /** The occurrence that comes next, of every job that has one, by id. */
    Map<String, Instant> nextRuns() {
        Map<String, Instant> next = new HashMap<>();
        List<?> jobs = (List<?>) Objects.requireNonNull(
                cli.done("list", "--all", "--json").json().get("jobs"));
        for (Object job : jobs) {
            Map<?, ?> tree = (Map<?, ?>) job;
            if (tree.get("next_run_at") != null) {
                next.put(String.valueOf(tree.get("id")), Instant.parse(String.valueOf(tree.get("next_run_at"))));
            }
        }
        return next;
    }

    /** What the daemons logged. */
    String log() throws IOException {
        Path log = home.resolve("logs").resolve("kairos.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() {
        started.forEach(ServeProcess::close);
    }
}
