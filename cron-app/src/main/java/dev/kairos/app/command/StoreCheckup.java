package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.app.terminal.TimeText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the store can be written: a transaction that writes nothing, and how long it waits for the lock. */
final class StoreCheckup {
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final String GROUP = "Store";

    /** No legal id: no job is touched. */
    private static final String NOBODY = "_doctor";

    private final JobStore store;
    private final Environment environment;
    private final Optional<Path> file;
    private final Path proc;

    /**
     * A look at one store.
     *
     * @param file where it lies, if in a file
     * @param proc the kernel's own files
     */
    StoreCheckup(JobStore store, Environment environment, Optional<Path> file, Path proc) {
        this.store = store;
        this.environment = environment;
        this.file = file;
        this.proc = proc;
    }

    void look(List<Finding> findings) {
        Duration begun = environment.uptime();
        Optional<CommandFailure> refusal = Optional.empty();
        try {
            store.claims().decide(NOBODY, view -> Amendment.none());
        } catch (StoreException e) {
            refusal = Optional.of(Failures.saysWhatToDo(
                    String.valueOf(e.getMessage()), "check the owner, the permissions and the free space"));
        }
        Duration waited = environment.uptime().minus(begun);
        if (waited.compareTo(LONG) > 0) {
            List<LockHolder> holders =
                    file.map(path -> LockHolder.of(path, proc)).orElse(List.of());
            findings.add(new Finding(
                    GROUP,
                    "a write waited " + TimeText.rough(waited) + " for the store's lock" + who(holders),
                    holders.isEmpty()
                            ? "see which process holds it: fuser -v "
                                    + file.map(Path::toString).orElse("")
                            : holders.stream().map(LockHolder::advice).collect(Collectors.joining("; "))));
        } else {
            refusal.ifPresent(told ->
                    findings.add(new Finding(GROUP, "it cannot be written: " + told.getMessage(), told.advice())));
        }
    }

    private static String who(List<LockHolder> holders) {
        return holders.isEmpty()
                ? ""
                : holders.stream()
                        .map(one -> "process " + one.pid() + " (" + one.name() + "), state " + one.state())
                        .collect(Collectors.joining(", ", "; held by ", ""));
    }
}
