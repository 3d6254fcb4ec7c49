package dev.kairos.app.command;

import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real job in a throw-away home, fired by the real daemon before a person's eyes. */
final class Quickstart {
    private static final int FIRES = 3;
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PUNCTUAL = Duration.ofMillis(100);

    private static final String SCRIPT = """
            #!/bin/sh
            # Disk and memory of this machine, in two lines.
            df -h / | awk 'END { print "disk:   " $(NF-2) " free of " $(NF-4) " on /" }'
            if [ -r /proc/meminfo ]; then
                awk '/^MemTotal:/ { total = $2 } /^MemAvailable:/ { free = $2 }
                     END { printf "memory: %.1f of %.1f GiB available\\n", free / 1048576, total / 1048576 }' /proc/meminfo
            else
                echo "memory: $(($(sysctl -n hw.memsize) / 1073741824)) GiB in all"
            fi
            """;

    private final Session session;
    private final Environment environment;
    private final Path home;

    Quickstart(Session session, Path home) {
        this.session = session;
        this.environment = session.environment();
        this.home = home;
    }

    int run() throws IOException, InterruptedException {
        step("1. A throw-away home: " + home);
        environment.files().createFolder(home.resolve("scripts"));
        environment
                .files()
                .replace(home.resolve("scripts").resolve("machine.sh"), SCRIPT.getBytes(StandardCharsets.UTF_8));
        step("2. A script in it, scripts/machine.sh: prints disk and memory of this machine");
        List<Execution> fires;
        try (CronRuntime runtime = CronRuntime.builder()
                .home(home)
                .environment(environment)
                .variables(withoutKairos())
                .caller(Caller.operator())
                .channel(session.console())
                .build()) {
            Job job = runtime.jobs().create(definition()).job();
            step("3. A job: kairos add \"every 2s\" --script machine.sh --no-agent --name machine --deliver console");
            step("4. The daemon starts. The job fires every two seconds; each message below is a delivery.");
            runtime.start();
            fires = watch(runtime, job);
            runtime.stop();
        }
        return verdict(fires);
    }

    private static JobDefinition definition() {
        return JobDefinition.builder()
                .set(JobField.NAME, "machine")
                .set(JobField.SCHEDULE, Schedule.interval(EVERY, ZoneId.of("UTC")))
                .set(JobField.SCRIPT, "machine.sh")
                .set(JobField.NO_AGENT, true)
                .set(JobField.DELIVER, List.of("console"))
                .build();
    }

    /** The person's own settings must not reach the throw-away home. */
    private Map<String, String> withoutKairos() {
        Map<String, String> variables = new LinkedHashMap<>(session.io().variables());
        variables.keySet().removeIf(name -> name.startsWith("KAIROS_"));
        return variables;
    }

    private List<Execution> watch(CronRuntime runtime, Job job) throws InterruptedException {
        Signal never = environment.newSignal();
        Duration end = environment.uptime().plus(PATIENCE);
        List<Execution> told = new ArrayList<>();
        while (told.size() < FIRES && environment.uptime().compareTo(end) < 0) {
            never.await(LOOK);
            List<Execution> rows = new ArrayList<>(runtime.store().ledger().list(ExecutionQuery.ofJob(job.id(), 100)));
            rows.sort(Comparator.comparing(Execution::scheduledAt));
            for (Execution row : rows) {
                boolean isNew = told.stream().noneMatch(other -> other.id().equals(row.id()));
                if (isNew && !row.status().isOpen() && row.startedAt().isPresent() && isSent(runtime, row)) {
                    told.add(row);
                    tell(told.size(), row);
                }
            }
        }
        return told;
    }

    private static boolean isSent(CronRuntime runtime, Execution row) {
        return runtime
                .store()
                .outbox()
                .list(Optional.of(row.jobId()), EnumSet.allOf(EnvelopeState.class), 1_000)
                .stream()
                .filter(envelope -> envelope.executionId().equals(row.id()))
                .allMatch(envelope -> !envelope.state().isOpen());
    }

    private void tell(int number, Execution row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("fire", number);
        tree.put("late_ms", late(row).toMillis());
        tree.put("execution", ExecutionTree.of(row));
        session.jsonLine(tree);
        step("   fire " + number + ": due " + clock(row.scheduledAt()) + ", started "
                + late(row).toMillis()
                + " ms later, ran " + row.took().map(TimeText::took).orElse("-") + ", "
                + session.style().word(row.status().word()) + ", delivered to console; run " + row.id());
    }

    private static Duration late(Execution row) {
        return Duration.between(row.scheduledAt(), row.startedAt().orElse(row.scheduledAt()));
    }

    private static String clock(Instant instant) {
        return instant.toString()
                .substring(11, Math.min(instant.toString().length(), 23))
                .replace("Z", "");
    }

    private int verdict(List<Execution> fires) {
        long ok =
                fires.stream().filter(row -> row.status() == ExecutionStatus.OK).count();
        if (ok < FIRES) {
            throw CommandFailure.failed(
                    "only " + ok + " of " + FIRES + " fires went well within " + PATIENCE.toSeconds() + " s"
                            + fires.stream()
                                    .flatMap(row -> row.error().stream())
                                    .findFirst()
                                    .map(error -> "; the first said: " + error)
                                    .orElse(""),
                    "run it again with -v to see the log; a machine under heavy load may be the reason");
        }
        long punctual =
                fires.stream().filter(row -> late(row).compareTo(PUNCTUAL) <= 0).count();
        step("5. " + ok + " fires, " + punctual + " of them within 100 ms of their instant"
                + (punctual < ok ? " (this machine is busy: nothing was lost, some were late)" : "") + ".");
        String typed = System.getProperty("kairos.typed", "kairos");
        step("");
        step("Now with your own home (" + session.home() + "):");
        step("  put a script into " + session.home().resolve("scripts"));
        step("  " + typed + " add \"every 2h\" --script yours.sh --no-agent --name first");
        step("  " + typed + " serve      # the daemon; " + typed + " list and " + typed + " runs show what it does");
        return ExitCode.DONE;
    }

    private void step(String line) {
        session.say(line);
        session.io().out().flush();
    }
}
