package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A timer and a service of the user's systemd for each job. Each file is its own: there is nothing foreign to keep. */
final class SystemdArmoury implements Armoury {
    private static final String TIMER = ".timer";
    /** So many units in one command. */
    private static final int AT_ONCE = 100;

    private final Environment environment;
    private final HomeCommand home;
    private final ChildPrograms programs;
    private final String systemctl;
    private final Path folder;
    private final ShellCommand commands;
    private final Duration shortest;

    SystemdArmoury(
            Environment environment,
            HomeCommand home,
            ChildPrograms programs,
            CrontabSettings settings,
            ShellCommand commands) {
        this.environment = environment;
        this.home = home;
        this.programs = programs;
        this.systemctl = settings.command();
        this.folder = settings.units();
        this.commands = commands;
        this.shortest = settings.shortest();
    }

    @Override
    public Plan converge(Supplier<List<DesiredTrigger>> desired) throws IOException {
        Map<String, String> standing = standing();
        Units units = new Units(home, commands, shortest, standing, environment.now()).arm(desired.get());
        Map<String, String> wanted = units.files();
        Set<String> orphans = new TreeSet<>(standing.keySet());
        orphans.removeAll(wanted.keySet());
        remove(orphans);
        Set<String> changed = new TreeSet<>();
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            if (!file.getValue().equals(standing.get(file.getKey()))) {
                environment
                        .files()
                        .replace(folder.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
                changed.add(file.getKey());
            }
        }
        if (!changed.isEmpty() || !orphans.isEmpty()) {
            systemctl(List.of("daemon-reload"), Set.of());
        }
        List<String> timers =
                wanted.keySet().stream().filter(name -> name.endsWith(TIMER)).toList();
        Set<String> toEnable = new TreeSet<>(timers);
        toEnable.removeIf(name ->
                Files.isSymbolicLink(folder.resolve("timers.target.wants").resolve(name)));
        systemctl(List.of("enable"), toEnable);
        Set<String> toStart = new TreeSet<>(inactive(timers));
        timers.stream().filter(changed::contains).forEach(toStart::add);
        systemctl(List.of("restart"), toStart);
        return units.plan();
    }

    @Override
    public Map<String, Instant> armed(List<DesiredTrigger> desired) throws IOException {
        Map<String, String> standing = standing();
        Plan plan = new Units(home, commands, shortest, standing, environment.now())
                .arm(desired)
                .plan();
        Map<String, Instant> armed = new TreeMap<>();
        standing.keySet().stream()
                .filter(name -> name.endsWith(TIMER))
                .map(name -> name.substring(Units.prefix(home).length(), name.length() - TIMER.length()))
                .filter(id -> !id.equals(Job.WAKE_ID))
                .forEach(id -> armed.put(id, Instant.EPOCH)); // another timer than it should have
        for (DesiredTrigger trigger : desired) {
            List<String> timer = plan.armed().get(trigger.jobId());
            if (timer != null && !standing.isEmpty() && standing.values().containsAll(timer)) {
                armed.put(trigger.jobId(), trigger.dueAt());
            }
        }
        return armed;
    }

    @Override
    public Map<String, String> refused(List<DesiredTrigger> desired) {
        return new Units(home, commands, shortest, Map.of(), environment.now())
                .arm(desired)
                .plan()
                .refused();
    }

    @Override
    public void clear() throws IOException {
        Set<String> all = standing().keySet();
        remove(all);
        if (!all.isEmpty()) {
            systemctl(List.of("daemon-reload"), Set.of());
        }
    }

    private Map<String, String> standing() throws IOException {
        Map<String, String> standing = new TreeMap<>();
        for (Path file : environment.files().list(folder)) {
            String name = file.getFileName().toString();
            if (name.startsWith(Units.prefix(home)) && (name.endsWith(TIMER) || name.endsWith(".service"))) {
                standing.put(
                        name, new String(environment.files().read(file).orElse(new byte[0]), StandardCharsets.UTF_8));
            }
        }
        return standing;
    }

    private void remove(Set<String> names) throws IOException {
        Set<String> timers = new TreeSet<>(names);
        timers.removeIf(name -> !name.endsWith(TIMER));
        systemctl(List.of("disable", "--now"), timers);
        for (String name : names) {
            environment.files().delete(folder.resolve(name));
        }
    }

    /** Those that somebody stopped, or that never ran. */
    private List<String> inactive(List<String> timers) {
        List<String> inactive = new ArrayList<>();
        for (List<String> some : chunks(timers)) {
            List<String> states = programs.run(shown(List.of("is-active")), words(List.of("is-active"), some))
                    .out()
                    .lines()
                    .toList();
            for (int i = 0; i < some.size(); i++) {
                if (i >= states.size() || !states.get(i).strip().equals("active")) {
                    inactive.add(some.get(i));
                }
            }
        }
        return inactive;
    }

    /** Nothing where it names units and there are none. */
    private void systemctl(List<String> verb, Set<String> units) {
        List<List<String>> chunks =
                verb.get(0).equals("daemon-reload") ? List.of(List.of()) : chunks(List.copyOf(units));
        for (List<String> some : chunks) {
            ChildPrograms.Ended ended = programs.run(shown(verb), words(verb, some));
            if (!ended.isWell()) {
                throw new Refusal(shown(verb) + " failed (exit " + ended.exitCode()
                        + "): " + ended.trouble() + ". Timers of a user need the user's own systemd: log in, or"
                        + " loginctl enable-linger; without systemd set cron.crontab.mode: crontab");
            }
        }
    }

    private String shown(List<String> verb) {
        return systemctl + " --user " + String.join(" ", verb);
    }

    private List<String> words(List<String> verb, List<String> units) {
        List<String> words = new ArrayList<>(List.of(systemctl, "--user"));
        words.addAll(verb);
        words.addAll(units);
        return words;
    }

    private static List<List<String>> chunks(List<String> names) {
        List<List<String>> chunks = new ArrayList<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            chunks.add(names.subList(from, Math.min(names.size(), from + AT_ONCE)));
        }
        return chunks;
    }
}
