package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each step that a write makes on its connection fails in turn, in every way. Whatever fails, the store is as it was or as
 * it was to be, says so with the right kind, keeps no connection, and the same write made again ends where an undisturbed
 * one does.
 */
class StatementFaultTest {
    @TempDir
    static Path folder;

    abstract static class Cases {
        /** Without {@code -Psoak} each way takes every sixth step, each from another on: together they meet them all. */
        private static final int STRIDE = 6;

        /** Pruning makes hundreds of steps, most of them alike. */
        private static final int PRUNE_STRIDE = 42;

        private final StatementFault fault = new StatementFault();
        private WatchedStore watched;
        private JobStore store;
        private TableDump dump;

        abstract WatchedStore open(StatementFault watcher);

        /** How many connections the store may keep between two calls. */
        abstract int kept();

        @ParameterizedTest
        @EnumSource
        void isMadeWholeOrNotAtAllAndCanBeMadeAgain(StoreWrite write) {
            watched = open(fault);
            store = watched.make();
            try (TableDump beside = new TableDump(watched.url())) {
                dump = beside;
                int failures = 0;
                for (StatementFault.Way way : StatementFault.Way.values()) {
                    if (way.happensOn(watched.url())) {
                        failures += check(write, way);
                    }
                }
                System.out.println("faults " + watched.url().substring(5, 11) + " " + write + ": " + failures);
            } finally {
                store.close();
            }
            assertThat(watched.borrowed()).as("connections after the end").isZero();
        }

        private int check(StoreWrite write, StatementFault.Way way) {
            List<Map<String, List<String>>> committed = undisturbed(write);
            int stride = stride(write);
            int first = 1 + way.ordinal() % stride;
            int failures = 0;
            while (isDisturbed(write, way, first + failures * stride, committed)) {
                failures++;
            }
            assertThat(first - 1 + failures * stride)
                    .as("steps")
                    .isGreaterThanOrEqualTo(fault.steps())
                    .isGreaterThan(3);
            return failures;
        }

        private static int stride(StoreWrite write) {
            if (Boolean.getBoolean("kairos.soak")) {
                return 1;
            }
            return write == StoreWrite.PRUNE ? PRUNE_STRIDE : STRIDE;
        }

        /** What every commit of an undisturbed write leaves. */
        private List<Map<String, List<String>>> undisturbed(StoreWrite write) {
            dump.clear();
            write.arrange(store);
            List<Map<String, List<String>>> committed = new ArrayList<>();
            committed.add(dump.story(write.growing()));
            fault.arm(StatementFault.Way.BUSY, 0);
            fault.onCommit(() -> committed.add(dump.story(write.growing())));
            write.make(store);
            fault.disarm();
            assertThat(committed).as("commits of " + write).hasSizeGreaterThan(write.writesOn(watched.url()) ? 1 : 0);
            return committed;
        }

        /** Whether the write has so many steps. */
        private boolean isDisturbed(
                StoreWrite write, StatementFault.Way way, int number, List<Map<String, List<String>>> committed) {
            dump.clear();
            write.arrange(store);
            Map<String, List<String>> before = dump.all();
            fault.arm(way, number);
            Optional<StoreException> failure = failure(write);
            fault.disarm();
            if (fault.failed().isEmpty()) {
                assertThat(failure).isEmpty();
                return false;
            }
            String what = write + ", " + way + " at step " + number + ", " + fault.failed();
            if (failure.isEmpty()) {
                assertThat(dump.story(write.growing())).as(what).isEqualTo(last(committed));
            } else {
                assertThat(Optional.of(failure.get().kind())).as(what).isEqualTo(way.kind(watched.url()));
                if (fault.commits() == 0) {
                    assertThat(dump.all()).as(what).isEqualTo(before);
                }
                assertThat(dump.story(write.growing())).as(what).isEqualTo(committed.get(fault.commits()));
            }
            assertThat(watched.borrowed()).as(what).isLessThanOrEqualTo(kept());
            write.make(store);
            assertThat(dump.story(write.growing())).as(what + ", made again").isEqualTo(last(committed));
            return true;
        }

        private static <T> T last(List<T> all) {
            return all.get(all.size() - 1);
        }

        private Optional<StoreException> failure(StoreWrite write) {
            try {
                write.make(store);
                return Optional.empty();
            } catch (StoreException e) {
                return Optional.of(e);
            } catch (RuntimeException e) {
                return fail(write + " threw what is no StoreException, after " + fault.failed(), e);
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"REFUSED", "CUT_BEFORE", "CUT_AFTER"})
        void aStoreThatCannotBeOpenedLeavesNothingOpenAndIsMadeTheNextTime(StatementFault.Way way) {
            int number = 0;
            do {
                number++;
                WatchedStore made = open(fault);
                fault.arm(way, number);
                Optional<StoreException> failure = Optional.empty();
                try {
                    made.make().close();
                } catch (StoreException e) {
                    failure = Optional.of(e);
                }
                fault.disarm();
                String what = way + " at step " + number + ", " + fault.failed();
                assertThat(made.borrowed()).as(what).isZero();
                assertThat(made.isClosed()).as("the pool is closed, " + what).isTrue();
                failure.ifPresent(
                        e -> assertThat(Optional.of(e.kind())).as(what).isEqualTo(way.kind(made.url())));
                try (JobStore again = Stores.at(made.url())) {
                    assertThat(again.jobs().create(List.of(StoreProcess.due("a"))))
                            .as(what)
                            .isEmpty();
                }
            } while (!fault.failed().isEmpty());
            assertThat(number).isGreaterThan(5);
        }
    }

    @Nested
    class OnSqlite extends Cases {
        private int files;

        @Override
        WatchedStore open(StatementFault watcher) {
            return WatchedStore.sqlite(folder.resolve(System.nanoTime() + "-" + files++ + ".db"), watcher);
        }

        @Override
        int kept() {
            return 2;
        }
    }

    @Nested
    class OnPostgres extends Cases {
        @Override
        WatchedStore open(StatementFault watcher) {
            return WatchedStore.postgres(Postgres.freshUrl() + "&options=-c%20synchronous_commit%3Doff", watcher);
        }

        @Override
        int kept() {
            return 0;
        }
    }
}
