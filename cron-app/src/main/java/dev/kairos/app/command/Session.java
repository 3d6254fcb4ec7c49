package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Json;
import dev.kairos.app.terminal.Style;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.orchestrator.delivery.ConsoleChannel;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.schedule.ResolvedZone;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of the command: its streams, its home and what it opened. Used by one thread; closed at the end. */
final class Session implements AutoCloseable {
    private final Io io;
    private final Supplier<Environment> environments;
    private final Path home;
    private final boolean json;
    private final Style style;
    private @Nullable Environment environment;
    private @Nullable Configuration configuration;
    private @Nullable OpenHome openHome;
    private boolean documentWritten;

    Session(Io io, Supplier<Environment> environments, Path home, boolean json) {
        this.io = Objects.requireNonNull(io);
        this.environments = Objects.requireNonNull(environments);
        this.home = Objects.requireNonNull(home);
        this.json = json;
        this.style = new Style(io.hasColour() && !json);
    }

    Io io() {
        return io;
    }

    /** The home folder, which may not exist yet. */
    Path home() {
        return home;
    }

    /** Whether the answer is for a machine. */
    boolean isJson() {
        return json;
    }

    Style style() {
        return style;
    }

    /** The machine's clock, threads and files; made on first use. */
    Environment environment() {
        Environment made = environment;
        if (made == null) {
            made = environments.get();
            environment = made;
        }
        return made;
    }

    /** The home's configuration; keys nobody reads are remarked upon once. */
    Configuration configuration() {
        Configuration loaded = configuration;
        if (loaded == null) {
            loaded = Configuration.load(home, environment().files(), io.variables(), properties());
            loaded.warnings().forEach(this::note);
            loaded.problems()
                    .forEach(problem -> note(problem.getMessage() + "; " + problem.accepted()
                            + ". Until then its standard value holds."));
            configuration = loaded;
        }
        return loaded;
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        System.getProperties().forEach((key, value) -> properties.put(String.valueOf(key), String.valueOf(value)));
        return properties;
    }

    /** The home for a command that only looks: empty where nothing was ever kept. */
    Optional<OpenHome> opened() {
        refuseFile();
        boolean isElsewhere = io.variable("KAIROS_STORE_URL").isPresent();
        return openHome != null || isElsewhere || Files.isDirectory(home) ? Optional.of(open()) : Optional.empty();
    }

    /** The home for a command that may change nothing at all: empty where there is no store yet. */
    Optional<OpenHome> examined() {
        refuseFile();
        if (StoreFile.of(this).filter(file -> !Files.exists(file)).isPresent() || !Files.isDirectory(home)) {
            return Optional.empty();
        }
        OpenHome made = new OpenHome(builder().leaveMirrorAlone().build(), environment());
        openHome = made;
        return Optional.of(made);
    }

    /** The home for a command that looks at something in it. */
    OpenHome existing() {
        return opened().orElseThrow(() -> CommandFailure.notFound(
                "there is no home at " + home,
                "kairos add makes it with the first job; --home or KAIROS_HOME names another"));
    }

    /** The home for a command that changes something; made where there is none. */
    OpenHome writable() {
        if (io.variable("KAIROS_CRON_SESSION").isPresent()
                && !configuration().get(ConfigKey.ALLOW_AGENT_SCHEDULING).orElse(false)) {
            throw CommandFailure.failed(
                    "a job's own run may not change jobs",
                    "ask a person, or let them set cron.allow_agent_scheduling: true in config.yaml");
        }
        return open();
    }

    private OpenHome open() {
        OpenHome made = openHome;
        if (made == null) {
            refuseFile();
            try {
                environment().files().createFolder(home.resolve("scripts"));
            } catch (IOException e) {
                throw CommandFailure.failed(
                        "the home " + home + " cannot be made or written: " + FileTrouble.words(e),
                        "give yourself the right to it, or choose another with --home or KAIROS_HOME");
            }
            made = new OpenHome(builder().build(), environment());
            openHome = made;
            made.faultsOfJobsFile().forEach(this::note);
        }
        return made;
    }

    private void refuseFile() {
        if (Files.exists(home) && !Files.isDirectory(home)) {
            throw CommandFailure.failed(
                    "the home " + home + " is a file, not a folder",
                    "choose another with --home or KAIROS_HOME, or move the file away");
        }
    }

    private RuntimeBuilder builder() {
        return CronRuntime.builder()
                .home(home)
                .configuration(configuration())
                .environment(environment())
                .variables(io.variables())
                .caller(Caller.operator())
                .channel(new ConsoleChannel(json ? io.err() : io.out()));
    }

    /** The zone of a schedule that names none: its own, else the configured one, else the machine's. */
    ZoneId zone(Optional<ZoneId> own) {
        Optional<ZoneId> configured = own.isPresent()
                ? Optional.empty()
                : configuration().get(ConfigKey.TIMEZONE).map(ZoneId::of);
        ResolvedZone resolved =
                ScheduleZones.resolve(own, configured, environment().zone());
        resolved.warnings().forEach(this::note);
        return resolved.zone();
    }

    /** A line of the answer for a person; nothing with {@code --json}. */
    void say(String line) {
        if (!json) {
            io.out().println(line);
        }
    }

    /** The answer's JSON: the one document, or one line of several. Nothing without {@code --json}. */
    void document(Object tree) {
        if (json) {
            io.out().println(Json.document(tree));
            documentWritten = true;
        }
    }

    /** One line of an answer that streams. Nothing without {@code --json}. */
    void jsonLine(Object tree) {
        if (json) {
            io.out().println(Json.line(tree));
            documentWritten = true;
        }
    }

    /** Whether any JSON was written. */
    boolean hasDocument() {
        return documentWritten;
    }

    /** A remark for a person beside the answer: to standard error. */
    void note(String line) {
        io.out().flush();
        io.err().println("kairos: " + TextWidth.plain(line));
    }

    @Override
    public void close() {
        OpenHome made = openHome;
        if (made != null) {
            made.close();
        }
        io.out().flush();
        io.err().flush();
    }
}
