package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.DueWork;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.store.jdbc.SqliteStoreFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand jobs of a jobs.json that are all due at once. */
class ThousandJobsTest {
    private static final int JOBS = 1_000;

    @TempDir
    Path folder;

    @Test
    void allRunNoneTwiceInFewTransactionsAndTheFileIsNotRewrittenForEach() throws Exception {
        Environment environment = new SystemEnvironment();
        StringBuilder text = new StringBuilder("{\"jobs\":[");
        for (int i = 0; i < JOBS; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"job_")
                    .append(i)
                    .append("\",\"schedule\":\"every 30d\",\"handler\":\"count\",\"next_run\":\"")
                    .append(environment.now().minusSeconds(30))
                    .append("\"}");
        }
        Path file = Files.createDirectories(folder.resolve("cron")).resolve("jobs.json");
        Files.writeString(file, text.append("]}").toString());
        Set<String> ran = ConcurrentHashMap.newKeySet();
        AtomicInteger runs = new AtomicInteger();
        CountingStore store =
                new CountingStore(new SqliteStoreFactory().open("jdbc:sqlite:cron/state.db", folder, environment));

        DueWork work;
        Object written;
        try (CronRuntime runtime = CronRuntime.builder()
                .home(folder)
                .environment(environment)
                .store(store)
                .setting("cron.max_parallel_jobs", "100")
                .handler("count", call -> {
                    ran.add(call.request().job().id());
                    runs.incrementAndGet();
                    return "";
                })
                .build()) {
            JobsMirror mirror = new JobsMirror(store, environment, file, runtime.jobs());
            mirror.syncFromFile();
            mirror.writeIfChanged();
            written = Files.readAttributes(file, "unix:ino").get("ino");
            store.transactions.set(0);
            runtime.join();
            work = runtime.runDue(Duration.ofSeconds(60));
            mirror.writeIfChanged();
            assertThat(Files.readAttributes(file, "unix:ino").get("ino"))
                    .as("a run changes no definition, so jobs.json is not written")
                    .isEqualTo(written);
        }

        assertThat(work.isFinished()).isTrue();
        assertThat(ran).hasSize(JOBS);
        assertThat(runs).hasValue(JOBS);
        assertThat(store.transactions.get()).as("writing transactions").isLessThan(JOBS / 4);
        System.out.println("1,000 jobs in " + store.transactions.get() + " writing transactions");
    }

    /** Counts what writes. */
    private static final class CountingStore extends ForwardingStore implements Claims {
        private final AtomicInteger transactions = new AtomicInteger();

        CountingStore(JobStore store) {
            super(store);
        }

        @Override
        public Claims claims() {
            return this;
        }

        @Override
        public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
            List<Claim> claims = store.claims().claimDue(request, decider);
            transactions.addAndGet(claims.isEmpty() ? 0 : 1);
            return claims;
        }

        @Override
        public List<Boolean> amend(List<FencedDecision> decisions) {
            transactions.incrementAndGet();
            return store.claims().amend(decisions);
        }

        @Override
        public JobView decide(String jobId, JobDecider decider) {
            transactions.incrementAndGet();
            return store.claims().decide(jobId, decider);
        }

        @Override
        public Optional<Instant> nextDueAt(Abilities abilities) {
            return store.claims().nextDueAt(abilities);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
