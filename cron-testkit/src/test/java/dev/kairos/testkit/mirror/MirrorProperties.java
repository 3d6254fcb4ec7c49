package dev.kairos.testkit.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.Amendment;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import dev.kairos.testkit.jobs.RandomDefinitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Properties of the mirror for whatever definitions and edits; each prints the seed it failed with. */
class MirrorProperties {
    private static final long SEED = 20_270_301L;

    @TempDir
    Path folder;

    @Test
    void everyDefinitionIsTheSameAfterItsTree() {
        RandomDefinitions definitions = new RandomDefinitions(new Random(SEED), Mirrored.START);
        Set<JobField<?>> seen = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            JobDefinition definition = definitions.next();
            JobDefinition again = JobDefinition.fromMap(definition.toMap());
            assertThat(again).as("seed %s, definition %s", SEED, i).isEqualTo(definition);
            assertThat(again.toMap()).isEqualTo(definition.toMap());
            JobField.all().stream()
                    .filter(field -> definition.get(field).isPresent())
                    .forEach(seen::add);
        }
        assertThat(seen).as("fields that some definition set").containsExactlyInAnyOrderElementsOf(JobField.all());
    }

    @Test
    void whatAStoreWritesAnotherHomeReadsTheSame() throws IOException {
        Mirrored home = new Mirrored(Files.createDirectory(folder.resolve("one")));
        RandomDefinitions definitions = new RandomDefinitions(new Random(SEED), Mirrored.START);
        for (int i = 0; i < 300; i++) {
            home.operations.create(definitions.next());
        }
        home.mirror.writeIfChanged();
        home.touch();
        JobsMirror fresh = home.another();
        List<Job> before = home.operations.list();
        MirrorReport report = fresh.syncFromFile();
        for (Job job : before) {
            assertThat(home.job(job.id()).definition().toMap())
                    .as("seed %s, job %s", SEED, job.id())
                    .isEqualTo(job.definition().toMap());
        }
        assertThat(report.hasChanges()).as(String.join("\n", report.messages())).isFalse();
        assertThat(report.conflictCopy()).isEmpty();

        Mirrored other = new Mirrored(Files.createDirectory(folder.resolve("two")), "store-two");
        MirrorReport imported = other.mirror.importFile(home.file);
        assertThat(imported.setAside())
                .as(String.join("\n", imported.messages()))
                .isEmpty();
        for (Job job : home.operations.list()) {
            Job copy = other.job(job.id());
            assertThat(copy.definition()).as("seed %s, job %s", SEED, job.id()).isEqualTo(job.definition());
            assertThat(copy.engine()).as("seed %s, job %s", SEED, job.id()).isEqualTo(job.engine());
        }
    }

    @Test
    void whicheverWayAFileIsTornTheJobsStay() {
        Mirrored home = new Mirrored(folder);
        RandomDefinitions definitions = new RandomDefinitions(new Random(SEED), Mirrored.START);
        for (int i = 0; i < 5; i++) {
            home.operations.create(definitions.next());
        }
        home.mirror.writeIfChanged();
        List<Job> jobs = home.operations.list();
        byte[] whole = home.text().getBytes(StandardCharsets.UTF_8);
        int end = home.text().stripTrailing().getBytes(StandardCharsets.UTF_8).length;
        for (int length = 0; length < end; length += 7) {
            home.hand(new String(whole, 0, length, StandardCharsets.UTF_8));
            assertThat(home.another().syncFromFile().kind())
                    .as("torn at %s", length)
                    .isEqualTo(MirrorReport.Kind.DAMAGED);
        }
        assertThat(home.operations.list()).isEqualTo(jobs);
    }

    @Test
    void whicheverBytesAreFlippedNoJobIsLostUnlessTheFileSaysSo() {
        RandomGenerator random = new Random(SEED);
        Mirrored home = new Mirrored(folder);
        RandomDefinitions definitions = new RandomDefinitions(random, Mirrored.START);
        for (int i = 0; i < 5; i++) {
            home.operations.create(definitions.next());
        }
        home.mirror.writeIfChanged();
        byte[] whole = home.text().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200; i++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(7));
            home.hand(new String(flipped, StandardCharsets.ISO_8859_1));
            MirrorReport report = home.another().syncFromFile();
            assertThat(report.removed().size())
                    .as("seed %s, flip %s", SEED, i)
                    .isLessThanOrEqualTo(
                            report.created().size() + report.setAside().size());
        }
    }

    /** Hand edits and commands in any order, by two processes: the file ends as the store's image and nothing is revived. */
    @Test
    void twoProcessesAndAPersonEndWithOneTruth() throws IOException {
        for (long seed = SEED; seed < SEED + 20; seed++) {
            walk(seed, Files.createDirectory(folder.resolve("walk-" + seed)));
        }
    }

    private void walk(long seed, Path at) {
        RandomGenerator random = new Random(seed);
        Mirrored home = new Mirrored(at, "store-" + seed);
        List<JobsMirror> processes = List.of(home.mirror, home.another());
        List<String> everRemoved = new ArrayList<>();
        home.create("first", "every 1h");
        home.mirror.writeIfChanged();
        for (int step = 0; step < 60; step++) {
            JobsMirror process = processes.get(random.nextInt(2));
            List<Job> jobs = home.operations.list();
            switch (random.nextInt(7)) {
                case 0 -> home.create("job " + step, "every " + (1 + random.nextInt(9)) + "h");
                case 1 -> onOne(random, jobs, job -> home.edit(job.id(), "prompt", "command " + random.nextInt(3)));
                case 2 ->
                    onOne(random, jobs, job -> {
                        home.operations.remove(job.id());
                        everRemoved.add(job.id());
                    });
                case 3 -> home.hand(home.text().replaceFirst("look at [a-z0-9 ]+", "hand " + random.nextInt(3)));
                case 4 ->
                    onOne(
                            random,
                            jobs,
                            job -> home.store
                                    .claims()
                                    .decide(
                                            job.id(),
                                            view -> Amendment.builder()
                                                    .engine(view.job().orElseThrow().engine().toBuilder()
                                                            .runCount(99)
                                                            .build())
                                                    .build()));
                case 5 -> process.syncFromFile();
                default -> process.writeIfChanged();
            }
        }
        processes.forEach(JobsMirror::writeIfChanged);
        processes.forEach(JobsMirror::writeIfChanged);
        assertThat(home.operations.list()).as("seed %s", seed).noneMatch(job -> everRemoved.contains(job.id()));
        assertThat(home.operations.list())
                .as("seed %s", seed)
                .allMatch(job -> home.text().contains(job.id()));
        assertThat(everRemoved).as("seed %s", seed).noneMatch(id -> home.text().contains(id));
        home.touch();
        MirrorReport last = home.another().syncFromFile();
        assertThat(last.hasChanges()).as("seed %s", seed).isFalse();
        assertThat(last.conflictCopy()).as("seed %s", seed).isEqualTo(Optional.empty());
    }

    private static void onOne(RandomGenerator random, List<Job> jobs, java.util.function.Consumer<Job> what) {
        if (!jobs.isEmpty()) {
            try {
                what.accept(jobs.get(random.nextInt(jobs.size())));
            } catch (InvalidInputException e) {
                throw new AssertionError(e);
            }
        }
    }
}
