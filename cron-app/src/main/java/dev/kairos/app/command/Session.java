package dev.kairos.app.command;

import dev.kairos.api.FireCommandLine;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronListener;
import dev.kairos.app.logging.LogTarget;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Json;
import dev.kairos.app.terminal.Style;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.app.terminal.WatchedOutput;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.PluggedHome;
import dev.kairos.builtin.RestingProvider;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.builtin.system.Termination;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.delivery.ConsoleChannel;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.mirror.DamagedFileException;
import dev.kairos.orchestrator.schedule.ResolvedZone;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
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
    private @Nullable Plugins plugins;
    private CronListener listener = event -> {};
    private boolean isGuest;
    private boolean documentWritten;
    private boolean changing;
    private boolean isStoreLeftAsItIs;
    private @Nullable RestingProvider restingProvider;
    private @Nullable Termination termination;
    private volatile boolean endAsked;

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

    /** Another session on the same home with other streams. */
    Session beside(Io streams) {
        return new Session(streams, this::environment, home, false);
    }

    /**
     * Another session within this one's open home, for one thread beside this one's: it takes what this one opened, and its
     * close leaves that open.
     */
    Session within(Io streams, boolean isForMachine) {
        Session guest = new Session(streams, this::environment, home, isForMachine);
        guest.environment = environment();
        guest.configuration = configuration();
        guest.openHome = open();
        guest.isGuest = true;
        return guest;
    }

    /** Whether it works within a home that another session keeps open, and with the runtime that fires there. */
    boolean isGuest() {
        return isGuest;
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

    /** What time it is, by the clock that the home's jobs are judged by: a store's own, once that is open, or the machine's. */
    Instant now() {
        OpenHome made = openHome;
        return (made == null ? environment() : made.runtime().environment()).now();
    }

    /** The home's configuration; keys nobody reads are remarked upon once. */
    Configuration configuration() {
        Configuration loaded = configuration;
        if (loaded == null) {
            loaded = Configuration.load(home, environment().files(), io.variables(), properties());
            loaded.tellSecrets(LogTarget::withhold);
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

    /** Where messages to the console go: to standard output, or beside it where that is for a machine. */
    DeliveryChannel console() {
        return new ConsoleChannel(WatchedOutput.direct(json ? io.err() : io.out()));
    }

    /** What is plugged in, for a command that opens no home or has not yet; nothing is looked at before it is asked. */
    Plugins plugins() {
        Plugins made = plugins;
        if (made == null) {
            made = PluggedHome.of(environment(), home, configuration());
            plugins = made;
        }
        return made;
    }

    /** From now on, before the home is opened: a store of an older version is refused instead of brought up to date. */
    void leaveStoreAsItIs() {
        isStoreLeftAsItIs = true;
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
        refuseWithinRun();
        changing = true;
        return open();
    }

    /** The home for a command that changes something in it; none is made for it. */
    OpenHome existingWritable() {
        refuseWithinRun();
        changing = true;
        return existing();
    }

    /** Whether this command opened the home to change something. */
    boolean isChanging() {
        return changing;
    }

    /** What it changed, if anything, needs nothing more. */
    void settled() {
        changing = false;
    }

    /** The configured provider without a start; found once. */
    RestingProvider restingProvider(OpenHome home) {
        RestingProvider found = restingProvider;
        if (found == null) {
            found = home.runtime().restingProvider(Optional.empty());
            restingProvider = found;
        }
        return found;
    }

    /** An agent's run changes nothing, unless the configuration lets it. */
    void refuseWithinRun() {
        if (io.variable("KAIROS_CRON_SESSION").isPresent()
                && !configuration().get(ConfigKey.ALLOW_AGENT_SCHEDULING).orElse(false)) {
            throw CommandFailure.failed(
                    "an agent's run may not change jobs",
                    "ask a person, or let them set cron.allow_agent_scheduling: true in config.yaml");
        }
    }

    /** The home for a command whose change must outlive it. */
    OpenHome keeping() {
        OpenHome made = writable();
        String url = configuration().getLenient(ConfigKey.STORE_URL).orElse("").strip();
        if (url.toLowerCase(Locale.ROOT).startsWith("memory:") && !isGuest) {
            throw CommandFailure.failed(
                    "store.url is " + url + ", which forgets everything when this command ends",
                    "set store.url to jdbc:sqlite:cron/state.db, or leave it out, in " + home.resolve("config.yaml"));
        }
        return made;
    }

    private OpenHome open() {
        OpenHome made = openHome;
        if (made == null) {
            refuseFile();
            try {
                environment().files().createFolder(home.resolve("scripts"));
            } catch (IOException e) {
                throw CommandFailure.failed(
                        "the home " + home + " cannot be made or written: " + PlainWords.of(e),
                        "give yourself the right to it, or choose another with --home or KAIROS_HOME");
            }
            try {
                made = new OpenHome(builder().build(), environment());
            } catch (DamagedFileException e) { // the jobs.json of a home that has no store yet
                throw CommandFailure.failed(String.valueOf(e.getMessage()), e.accepted());
            }
            openHome = made;
            made.newsOfJobsFile().forEach(this::note);
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

    /** Lets somebody hear what the runtime does; before the home is opened. */
    void listener(CronListener one) {
        listener = one;
    }

    private RuntimeBuilder builder() {
        RuntimeBuilder builder = CronRuntime.builder();
        if (isStoreLeftAsItIs
                && StoreFile.of(this).filter(file -> !Files.exists(file)).isEmpty()) {
            builder.leaveStoreAsItIs();
        }
        FireLine.of(home).ifPresent(line -> builder.capability(FireCommandLine.class, line));
        return builder.listener(listener)
                .home(home)
                .configuration(configuration())
                .environment(environment())
                .variables(io.variables())
                .caller(Caller.operator())
                .channel(console());
    }

    /**
     * From now on a wish that the process end (SIGTERM, Ctrl-C, a lost terminal) interrupts the command, so that it ends
     * what it started and takes away what it made; the process then ends with exit code 1.
     */
    void endOnRequest() {
        if (termination == null) {
            Thread caller = Thread.currentThread();
            termination = Termination.onRequest(
                    () -> {
                        endAsked = true;
                        caller.interrupt();
                    },
                    ExitCode.FAILED);
        }
    }

    /** Whether that was wished. */
    boolean isEndAsked() {
        return endAsked;
    }

    /** The zone of a schedule that names none: its own, else the configured one, else the machine's. */
    ZoneId zone(Optional<ZoneId> own) {
        Optional<ZoneId> configured = own.isPresent()
                ? Optional.empty()
                : configuration().getLenient(ConfigKey.TIMEZONE).map(ZoneId::of);
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
        Plugins loaded = plugins;
        try {
            if (made != null && !isGuest) {
                made.close();
            }
            if (loaded != null) {
                loaded.close();
            }
        } finally {
            io.out().flush();
            io.err().flush();
            Termination asked = termination;
            if (asked != null) {
                asked.close(); // where the end was asked for, the process ends here
            }
        }
    }
}
