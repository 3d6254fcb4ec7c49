package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.Job;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.JobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node asks its store as often whatever it can run: for a hundred handlers as for one. */
class IdleTickTest {
    private static final int HANDLERS = 200;
    private static final Abilities ONE = handlers(1);
    private static final Abilities ALL = handlers(HANDLERS).with(List.of("gpu", "office"));
    private static final Set<String> PLATFORMS = Set.of("console", "ntfy", "smtp");

    @TempDir
    static Path folder;

    private static Abilities handlers(int count) {
        return new Abilities(
                IntStream.range(0, count).mapToObj(i -> "handler:h" + i).collect(Collectors.toSet()));
    }

    abstract static class Cases {
        private final MadeStatements made = new MadeStatements();

        abstract WatchedStore open(WatchedJdbc.Watcher watcher);

        @Test
        void anIdleTickMakesTheSameFewStatementsHoweverMuchTheNodeCanRun() {
            try (JobStore store = open(made).make()) {
                String node = join(store);
                store.jobs().create(jobs());

                List<String> one = made.of(() -> idleTick(store, node, ONE));
                List<String> all = made.of(() -> idleTick(store, node, ALL));

                assertThat(all).hasSameSizeAs(one).hasSize(5);
            }
        }

        @Test
        void aClaimMakesAsManyForHandlersOfWhichEachHasAJobDue() {
            try (JobStore store = open(made).make()) {
                String node = join(store);
                store.jobs().create(jobs());
                List<String> offered = new ArrayList<>();

                List<String> one = made.of(() -> claim(store, node, ONE, offered));
                offered.clear();
                List<String> all = made.of(() -> claim(store, node, ALL, offered));

                assertThat(all).hasSameSizeAs(one).hasSizeLessThan(10);
                assertThat(offered).hasSize(2 * HANDLERS);
            }
        }

        private static String join(JobStore store) {
            NodeIdentity node = NodeIdentity.builder("boot", 7, "n")
                    .pidNamespace("ns")
                    .startTicks(1)
                    .build();
            store.nodes().join(node);
            return node.id();
        }

        /** One of each handler. */
        private static List<Job> jobs() {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < HANDLERS; i++) {
                jobs.add(StoreProcess.due("job-" + i, "h" + i));
            }
            return jobs;
        }

        /** What a pass asks that finds nothing, before all of them are due. */
        private static void idleTick(JobStore store, String node, Abilities abilities) {
            ClaimRequest early = new ClaimRequest(
                    node,
                    StoreProcess.NOW.minusSeconds(9),
                    StoreProcess.NOW.minusSeconds(8),
                    500,
                    abilities,
                    Optional.empty());
            assertThat(store.outbox().claimDue(new EnvelopeClaimRequest(node, early.now(), 9, PLATFORMS)))
                    .isEmpty();
            assertThat(store.claims().claimDue(early, view -> Amendment.none())).isEmpty();
            assertThat(store.claims().nextDueAt(abilities)).contains(StoreProcess.NOW);
            assertThat(store.outbox().nextDueAt(PLATFORMS)).isEmpty();
        }

        private static void claim(JobStore store, String node, Abilities abilities, List<String> offered) {
            ClaimRequest request =
                    new ClaimRequest(node, StoreProcess.NOW, StoreProcess.NOW, 500, abilities, Optional.empty());
            store.claims().claimDue(request, view -> {
                offered.add(view.jobId());
                return Amendment.none();
            });
        }
    }

    @Nested
    class OnSqlite extends Cases {
        @Override
        WatchedStore open(WatchedJdbc.Watcher watcher) {
            return WatchedStore.sqlite(folder.resolve("idle-" + System.nanoTime() + ".db"), watcher);
        }
    }

    @Nested
    class OnPostgres extends Cases {
        @Override
        WatchedStore open(WatchedJdbc.Watcher watcher) {
            return WatchedStore.postgres(Postgres.freshUrl(), watcher);
        }
    }
}
