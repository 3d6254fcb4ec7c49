package dev.kairos.provider.crontab;

import dev.kairos.api.CronContext;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine around one home, as the settings of the moment describe it. */
final class Outside {
    private static final Path LOCALTIME = Path.of("/etc/localtime");

    private final Environment environment;
    private final CrontabSettings settings;
    private final HomeCommand command;

    private Outside(Environment environment, CrontabSettings settings, HomeCommand command) {
        this.environment = environment;
        this.settings = settings;
        this.command = command;
    }

    /**
     * Looks at settings and host.
     *
     * @throws Refusal where the host fires nothing from outside
     */
    static Outside of(CronContext context) {
        Path userHome = Path.of(System.getProperty("user.home", "/"));
        return new Outside(
                context.environment(), CrontabSettings.read(context.config(), userHome), HomeCommand.of(context));
    }

    Path home() {
        return command.home();
    }

    /**
     * Sees whether the program that arms is there.
     *
     * @throws Refusal where it is not
     */
    void check() {
        boolean isThere = settings.command().contains("/")
                ? Files.isExecutable(Path.of(settings.command()))
                : Stream.of(CrontabSettings.DEFAULT_PATH.split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, settings.command())));
        if (!isThere) {
            throw new Refusal("there is no program " + settings.command()
                    + (settings.command().contains("/") ? "" : " in " + CrontabSettings.DEFAULT_PATH)
                    + ": install"
                    + (settings.mode() == CrontabSettings.Mode.CRONTAB ? " cron" : " systemd")
                    + ", or name the program in cron.crontab.command");
        }
    }

    /** Keeps other processes of this home away. */
    HomeLock lock() throws IOException {
        return HomeLock.take(environment, command.home().resolve("cron").resolve("crontab.lock"));
    }

    Armoury armoury() {
        ShellCommand commands = new ShellCommand(command, System.getProperty("java.home", ""), settings.path());
        ChildPrograms programs = new ChildPrograms(environment, variables());
        if (settings.mode() == CrontabSettings.Mode.SYSTEMD) {
            return new SystemdArmoury(environment, command, programs, settings, commands);
        }
        ZoneId zone = settings.timezone().orElseGet(() -> CronZone.of(LOCALTIME, environment.zone()));
        return new CrontabArmoury(
                environment,
                command,
                new UserCrontab(
                        programs,
                        environment,
                        settings.command(),
                        command.home().resolve("cron").resolve("crontab.tmp")),
                new Planner(commands, zone, settings.shortest(), command.safetyMinute()));
    }

    /** Where the user's systemd is spoken with. */
    private static Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        variables.put("HOME", System.getProperty("user.home", "/"));
        for (String name : new String[] {"XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "USER", "LOGNAME"}) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> variables.put(name, value));
        }
        return variables;
    }
}
