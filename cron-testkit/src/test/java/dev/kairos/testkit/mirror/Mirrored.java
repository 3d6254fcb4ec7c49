package dev.kairos.testkit.mirror;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.JobRules;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A store, its {@code jobs.json} and a mirror of the two, on virtual time. */
final class Mirrored {
    static final Instant START = Instant.parse("2027-03-01T10:00:00Z");

    final ManualEnvironment time = new ManualEnvironment(START);
    final MemoryStore store;
    final Path file;
    final JobOperations operations;
    final JobsMirror mirror;

    Mirrored(Path folder) {
        this(folder, "store-one");
    }

    Mirrored(Path folder, String storeId) {
        store = new MemoryStore(storeId);
        file = folder.resolve("jobs.json");
        operations =
                new JobOperations(store, time, JobRules.of(Caller.operator()).withZone(ZoneId.of("UTC")));
        mirror = another();
    }

    /** The mirror of another process on the same store and file. */
    JobsMirror another() {
        return new JobsMirror(store, time, file, operations);
    }

    /** The mirror of another process, which writes to the store past the hook. */
    JobsMirror another(StoreHook hook) {
        InterceptedStore hooked = new InterceptedStore(store, hook);
        return new JobsMirror(hooked, time, file, new JobOperations(hooked, time, operations.rules()));
    }

    Job create(String name, String schedule) {
        return operations
                .create(JobDefinition.builder()
                        .set(JobField.NAME, name)
                        .set(JobField.PROMPT, "look at " + name)
                        .set(
                                JobField.SCHEDULE,
                                operations
                                        .readSchedule(schedule, Optional.empty())
                                        .schedule())
                        .build())
                .job();
    }

    void edit(String reference, String key, Object value) {
        operations.edit(reference, JobEdit.builder().setRaw(key, value).build());
    }

    Job job(String id) {
        return store.jobs().find(id).orElseThrow();
    }

    List<Execution> rows(String id) {
        return store.ledger().list(ExecutionQuery.ofJob(id, 100));
    }

    /** A person writes the file, some time later. */
    void hand(String text) {
        time.advance(Duration.ofSeconds(10));
        try {
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.from(time.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A person saves the file with a blank more, so that all of it is read again. */
    void touch() {
        hand(text() + " ");
    }

    void handReplace(String what, String by) {
        String before = text();
        if (!before.contains(what)) {
            throw new AssertionError("the file does not contain " + what + ":\n" + before);
        }
        hand(before.replace(what, by));
    }

    String text() {
        return textOf(file);
    }

    static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Path> conflictCopies() {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.filter(path -> path.getFileName().toString().startsWith("jobs.json.conflict-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
