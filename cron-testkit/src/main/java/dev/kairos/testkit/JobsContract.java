package dev.kairos.testkit;

import static dev.kairos.testkit.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the jobs face of every store must do. Status: experimental since 0.1. */
public abstract class JobsContract extends JobStoreContract {
    @Test
    void whatWasCreatedComesBackEqual() {
        EngineState engine = EngineState.fresh().toBuilder()
                .state(JobState.RUNNING)
                .next(Optional.of(T0), Optional.of(T0.plusMillis(1)))
                .lastScheduledAt(Optional.of(minute(-1)))
                .completedCount(3)
                .runCount(1_000_000_000_000L)
                .failureStreak(2)
                .lastRun(EngineState.LastRun.NONE.toBuilder()
                        .at(Optional.of(T0))
                        .status(Optional.of("error"))
                        .error(Optional.of(
                                "exit 1: \u017c\u00f3\u0142\u0107 \ud83d\ude00 'quoted' \u0000 and\nnext line"))
                        .deliveryStatus(Optional.of("retrying"))
                        .deliveryError(Optional.of("503"))
                        .took(Optional.of(Duration.ofMillis(1_234)))
                        .build())
                .skipping(Optional.of(new EngineState.SkipSpan("row", "paused", new Missed(T0, minute(3), 4))))
                .build();
        JobDefinition definition = script("name").toBuilder()
                .set(JobField.ARGS, Map.of("depth", List.of(1, Map.of("x", true))))
                .set(JobField.TAGS, List.of("b", "a"))
                .set(JobField.REPEAT, 9)
                .unknown("x_other", List.of("kept", 2))
                .build();
        Job job = new Job("Job_1-a", definition, 7, engine);

        assertThat(store().jobs().create(List.of(job, idle("plain")))).isEmpty();

        assertThat(store().jobs().find("Job_1-a")).contains(job);
        assertThat(beside().jobs().find("Job_1-a").orElseThrow().definition().toMap())
                .isEqualTo(definition.toMap());
        assertThat(beside().jobs().find("plain")).contains(idle("plain"));
        assertThat(store().jobs().find("nobody")).isEmpty();
    }

    @Test
    void allJobsAreListedById() {
        store().jobs().create(List.of(idle("b"), idle("a"), idle("C")));

        assertThat(store().jobs().list()).containsExactly(idle("C"), idle("a"), idle("b"));
    }

    @Test
    void allJobsAreHandedOverByIdToAReaderWhoMayCallTheStore() {
        List<Job> created = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            created.add(idle(String.format(Locale.ROOT, "job-%04d", i)));
        }
        store().jobs().create(created);

        List<Job> seen = new ArrayList<>();
        store().jobs().each(job -> store().jobs().find(job.id()).ifPresent(seen::add));
        assertThat(seen).isEqualTo(created);
    }

    @Test
    void aTakenIdIsReportedAndTheOthersAreAdded() {
        store().jobs().create(List.of(due("a", T0)));

        assertThat(store().jobs().create(List.of(idle("a"), idle("b"), idle("b"))))
                .containsExactly("a", "b");

        assertThat(store().jobs().list()).containsExactly(due("a", T0), idle("b"));
    }

    @Test
    void oneCreateIsOneRevisionAndOneThatAddsNothingIsNone() {
        long before = store().jobs().changesSince(0).revision();

        store().jobs().create(List.of(idle("a"), idle("b")));
        store().jobs().create(List.of(idle("a")));
        store().jobs().create(List.of());

        assertThat(store().jobs().changesSince(0).revision()).isEqualTo(before + 1);
    }

    @Test
    void anEditMovesVersionAndRevisionByOneAndAnEngineWriteNeither() {
        store().jobs().create(List.of(idle("a")));
        long revision = store().jobs().changesSince(0).revision();

        define(store(), "a", "renamed");
        JobView after = store().claims()
                .decide("a", view -> Amendment.builder().engine(dueAt(T0)).build());

        assertThat(after.job()).contains(new Job("a", script("renamed"), 2, dueAt(T0)));
        assertThat(store().jobs().find("a")).isEqualTo(after.job());
        assertThat(store().jobs().changesSince(0).revision()).isEqualTo(revision + 1);
    }

    @Test
    void removalIsARevisionAndTheJobIsGone() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        long revision = store().jobs().changesSince(0).revision();

        remove(store(), "a");
        remove(store(), "a");

        assertThat(store().jobs().list()).containsExactly(idle("b"));
        assertThat(store().jobs().changesSince(0).revision()).isEqualTo(revision + 1);
    }

    @Test
    void aRemovedJobIsNeverRevivedByAnAmendment() {
        store().jobs().create(List.of(due("a", T0)));
        remove(store(), "a");

        JobView after = store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .engine(dueAt(T0))
                                .definition(script("a"))
                                .build());

        assertThat(after.job()).isEmpty();
        assertThat(store().jobs().list()).isEmpty();
        assertThat(store().claims().nextDueAt(SCRIPTS)).isEmpty();
    }

    @Test
    void theIdOfARemovedJobIsFreeAgain() {
        store().jobs().create(List.of(due("a", T0)));
        remove(store(), "a");

        assertThat(store().jobs().create(List.of(idle("a")))).isEmpty();

        assertThat(store().jobs().find("a")).contains(idle("a"));
    }

    @Test
    void definitionsAreKnownAsTheyStoodAtEachRevision() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        long created = store().jobs().changesSince(0).revision();
        define(store(), "a", "second");
        remove(store(), "b");
        store().jobs().create(List.of(idle("b")));

        assertThat(store().jobs().definitionsAt(created - 1)).contains(Map.of());
        assertThat(store().jobs().definitionsAt(created)).contains(Map.of("a", script("a"), "b", script("b")));
        assertThat(store().jobs().definitionsAt(created + 1)).contains(Map.of("a", script("second"), "b", script("b")));
        assertThat(store().jobs().definitionsAt(created + 2)).contains(Map.of("a", script("second")));
        assertThat(store().jobs().definitionsAt(created + 3)).contains(Map.of("a", script("second"), "b", script("b")));
        assertThat(store().jobs().definitionsAt(created + 4)).isEmpty();
        assertThat(store().jobs().definitionsAt(-1)).isEmpty();
    }

    @Test
    void theLastFiftyRevisionsAreKeptAndNoneBefore() {
        store().jobs().create(List.of(idle("a"), idle("still")));
        for (int i = 0; i < 120; i++) {
            define(store(), "a", "name " + i);
        }
        long last = store().jobs().changesSince(0).revision();

        assertThat(store().jobs().definitionsAt(last - 50)).isEmpty();
        for (int back = 0; back < 50; back++) {
            assertThat(store().jobs().definitionsAt(last - back))
                    .contains(Map.of("a", script("name " + (119 - back)), "still", script("still")));
        }
    }

    @Test
    void theStoreKeepsItsIdAndAnotherStoreHasAnother() throws Exception {
        String id = store().jobs().changesSince(0).storeId();
        store().jobs().create(List.of(idle("a")));

        assertThat(id).isNotBlank();
        assertThat(beside().jobs().changesSince(0).storeId()).isEqualTo(id);
        try (JobStore other = open()) {
            assertThat(other.jobs().changesSince(0).storeId()).isNotEqualTo(id);
        }
    }

    @Test
    void theCursorTellsWhoeverWroteEachJobThatMovedOnce() {
        JobStore other = beside();
        store().jobs().create(List.of(idle("a"), idle("b"), idle("c")));
        Changes first = store().jobs().changesSince(0);
        assertThat(first.jobIds()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(store().jobs().changesSince(first.cursor()).jobIds()).isEmpty();
        assertThat(store().jobs().changesSince(first.cursor()).cursor()).isEqualTo(first.cursor());
        assertThat(store().jobs().changesSince(Long.MAX_VALUE))
                .isEqualTo(new Changes(first.storeId(), first.revision(), first.cursor(), Set.of()));

        other.claims().decide("b", view -> Amendment.builder().engine(dueAt(T0)).build());
        other.claims().decide("c", view -> write(requested("c", T0)));
        store().claims().decide("a", view -> Amendment.none());
        define(store(), "b", "again");
        Changes second = store().jobs().changesSince(first.cursor());
        assertThat(second.jobIds()).containsExactlyInAnyOrder("b", "c");

        remove(other, "a");
        Changes third = store().jobs().changesSince(second.cursor());
        assertThat(third.jobIds()).containsExactly("a");
        assertThat(store().jobs().changesSince(first.cursor()).jobIds()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void noMoveOfSeveralWritersEscapesAReaderWithACursor() {
        JobStore other = beside();
        int each = 100;
        List<Callable<List<String>>> writers = new ArrayList<>();
        for (JobStore one : List.of(store(), other)) {
            String prefix = "w" + writers.size() + "-";
            writers.add(() -> {
                List<String> mine = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    mine.add(prefix + i);
                    one.jobs().create(List.of(idle(prefix + i)));
                }
                return mine;
            });
        }
        writers.add(() -> {
            Set<String> seen = new HashSet<>();
            long cursor = 0;
            while (seen.size() < 2 * each) {
                Changes changes = store().jobs().changesSince(cursor);
                cursor = changes.cursor();
                seen.addAll(changes.jobIds());
            }
            return List.copyOf(seen);
        });

        List<List<String>> answers = together(writers);

        assertThat(answers.get(2)).containsAll(answers.get(0)).containsAll(answers.get(1));
        // A move may be named again while others are being written, and not once they are.
        Changes last = store().jobs().changesSince(0);
        assertThat(store().jobs().changesSince(last.cursor()).jobIds()).isEmpty();
    }

    @Test
    void anEditThroughAnotherStoreIsSeenAtOnce() {
        JobStore other = beside();
        store().jobs().create(List.of(idle("a")));
        assertThat(other.jobs().find("a")).contains(idle("a"));

        define(store(), "a", "second");
        assertThat(other.jobs().find("a").orElseThrow().definition()).isEqualTo(script("second"));

        remove(other, "a");
        other.jobs().create(List.of(new Job("a", script("third"), 1, EngineState.fresh())));
        assertThat(store().jobs().list()).extracting(Job::definition).containsExactly(script("third"));
    }

    @Test
    void anEditThatWasUndoneIsSeenByNobody() {
        JobStore other = beside();
        store().jobs().create(List.of(idle("a")));
        Execution first = claimed("a", T0, "7-n");
        Execution second = claimed("a", minute(1), "7-n");
        add(store(), "a", first, second);
        List<JobDefinition> inside = new ArrayList<>();

        assertThatThrownBy(() -> store().claims()
                        .amend(List.of(
                                new FencedDecision(
                                        first,
                                        (view, row) -> Amendment.builder()
                                                .definition(script("undone"))
                                                .build()),
                                new FencedDecision(second, (view, row) -> {
                                    inside.add(view.job().orElseThrow().definition());
                                    throw new IllegalArgumentException("no");
                                }))))
                .isInstanceOf(IllegalArgumentException.class);
        define(other, "a", "done");

        assertThat(inside).containsExactly(script("undone"));
        assertThat(store().jobs().find("a").orElseThrow().definition()).isEqualTo(script("done"));
        assertThat(store().jobs().definitionsAt(store().jobs().changesSince(0).revision()))
                .contains(Map.of("a", script("done")));
    }

    @Test
    void aDeciderThatThrowsLeavesTheJobAsItWas() {
        store().jobs().create(List.of(idle("a")));
        long cursor = store().jobs().changesSince(0).cursor();

        assertThatThrownBy(() -> store().claims().decide("a", view -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");

        assertThat(store().jobs().list()).containsExactly(idle("a"));
        assertThat(store().jobs().changesSince(cursor).jobIds()).isEmpty();
    }

    @Test
    void aDeciderThatCallsTheStoreIsRefused() {
        store().jobs().create(List.of(idle("a")));

        assertThatThrownBy(() -> store().claims().decide("a", view -> {
                    store().jobs().create(List.of(idle("b")));
                    return Amendment.none();
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(store().jobs().list()).containsExactly(idle("a"));
    }
}
