package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Retry;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.Gates;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind of a failure decides about its retries; a lapsed session stops them and closes its gate (behaviour.md §4). */
final class FailureKindsTest {
    private static final Instant START = Instant.parse("2027-03-01T10:00:00Z");
    private static final String LAPSED =
            "Acme API error (401 Unauthorized): {\"success\":false,\"error\":\"Invalid token\"}";
    private static final String CANNED = "Something went wrong. Please try again later.";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path home;

    private final ManualEnvironment environment = new ManualEnvironment(START);
    private final MemoryStore store = new MemoryStore(environment);
    private final FakeAgent agent = new FakeAgent();
    private final List<CronEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private CronRuntime runtime;

    @AfterEach
    void close() {
        runtime.close();
    }

    private RuntimeBuilder builder() {
        return CronRuntime.builder()
                .home(home)
                .environment(environment)
                .store(store)
                .variables(Map.of())
                .setting("cron.timezone", "UTC")
                .caller(Caller.operator())
                .runner(agent)
                .channel(new Recorder(sent))
                .listener(events::add);
    }

    private void start() {
        runtime = builder().build();
        runtime.start();
    }

    private String create(JobDefinition.Builder definition, String schedule) {
        return runtime.jobs()
                .create(definition
                        .set(
                                JobField.SCHEDULE,
                                runtime.jobs()
                                        .readSchedule(schedule, Optional.empty())
                                        .schedule())
                        .build())
                .job()
                .id();
    }

    private static JobDefinition.Builder brief() {
        return JobDefinition.builder()
                .set(JobField.NAME, "brief")
                .set(JobField.PROMPT, "tell me")
                .set(JobField.DELIVER, List.of("recorder"));
    }

    private List<Execution> rows(String jobId) {
        return store.ledger().list(ExecutionQuery.ofJob(jobId, 100));
    }

    private List<CronEvent> events(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"error | captured", CANNED + " | " + CANNED})
    void aLapsedSessionStopsAtItsFirstOccurrenceWhereverItIsSaid(String error, String output) {
        start();
        String said = error.equals(CANNED) ? CANNED : LAPSED;
        agent.answer = request ->
                RunResult.failed(FailureKind.TRANSIENT, said, output.equals(CANNED) ? "first\n" + LAPSED : output);
        String id = create(brief(), "every 5m");

        try (LogCapture log = LogCapture.of("cron.event")) {
            environment.advance(MINUTE.multipliedBy(6));
            assertThat(log.errors())
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("cron.session-expired job=" + id + " attempt=1"));
        }

        assertThat(agent.calls).hasSize(1);
        assertThat(rows(id)).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.ERROR);
            assertThat(row.failureKind()).contains("session_expired");
            assertThat(row.error().orElseThrow()).contains("kairos signed-in main");
        });
        assertThat(events("cron.session-expired")).hasSize(1);
        assertThat(events("cron.retries-exhausted")).isEmpty();
        assertThat(runtime.signedOut()).extracting(Gates.Closed::entry).containsExactly("main");
        assertThat(sent).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                CANNED + "|" + CANNED,
                "API error (401 Unauthorized): Invalid API key|",
                "Other API error (401 Unauthorized): {\"success\":false,\"error\":\"Invalid token\"}|",
                "Acme API error (401 Unauthorized): Invalid API key|",
                "{\"success\":false,\"error\":\"Invalid token\"}|",
                "Acme API error (401 Unauthorized)|{\"success\":false,\"error\":\"Invalid token\"}",
                "NotAcme API error (401 Unauthorized): {\"error\":\"Invalid token\"}|",
                "Acme API error (403 Forbidden): {\"error\":\"Invalid token\"}|",
            })
    void whateverElseIsSaidKeepsTheWholeBudgetAndEndsExhausted(String error, String output) {
        start();
        agent.answer = request -> RunResult.failed(
                FailureKind.TRANSIENT, error, Optional.ofNullable(output).orElse(""));
        String id = create(brief(), "every 5m");

        try (LogCapture log = LogCapture.of("cron.event")) {
            environment.advance(MINUTE.multipliedBy(6));
            assertThat(log.errors())
                    .containsExactly("cron.retries-exhausted job=" + id + " runner=agent attempts=3 kind=transient");
        }

        assertThat(agent.calls).hasSize(3);
        assertThat(events("cron.session-expired")).isEmpty();
        assertThat(runtime.signedOut()).isEmpty();
    }

    @Test
    void aScriptThatPrintsSuchATextKeepsItsRetries() {
        List<String> calls = new CopyOnWriteArrayList<>();
        runtime = builder().runner(new PrintingScript(calls)).build();
        runtime.start();
        String id = create(
                JobDefinition.builder()
                        .set(JobField.SCRIPT, "check.sh")
                        .set(JobField.NO_AGENT, true)
                        .set(JobField.RETRY, new Retry(Optional.of(2), Optional.empty(), Optional.empty())),
                "every 5m");

        environment.advance(MINUTE.multipliedBy(6));

        assertThat(calls).hasSize(3);
        assertThat(events("cron.retries-exhausted"))
                .singleElement()
                .satisfies(event -> assertThat(event.details())
                        .containsEntry("job", id)
                        .containsEntry("runner", "script")
                        .containsEntry("attempts", "3"));
    }

    @Test
    void aGoodRunThatQuotesTheTextIsAGoodRun() {
        start();
        agent.answer = request -> RunResult.ok("In the logs: " + LAPSED);
        String id = create(brief(), "every 5m");

        environment.advance(MINUTE.multipliedBy(6));

        assertThat(rows(id))
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo(ExecutionStatus.OK));
        assertThat(runtime.signedOut()).isEmpty();
    }

    @Test
    void behindAClosedGateNothingIsCalledAndNobodyIsToldAgainUntilItRecovers() {
        start();
        agent.answer = request -> RunResult.failed(FailureKind.TRANSIENT, LAPSED, "");
        String id = create(brief(), "every 5m");

        environment.advance(MINUTE.multipliedBy(16));

        assertThat(agent.calls).hasSize(1);
        assertThat(sent).hasSize(1);
        assertThat(rows(id).subList(0, 2)).allSatisfy(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
            assertThat(row.reason()).contains("signed_out: main");
        });
        assertThat(store.jobs().find(id).orElseThrow().engine().failureStreak()).isEqualTo(1);

        agent.answer = request -> RunResult.ok("the news");
        assertThat(runtime.signedIn("main")).isTrue();
        assertThat(runtime.signedIn("main")).isFalse();
        environment.advance(MINUTE.multipliedBy(10));

        assertThat(agent.calls).hasSize(3);
        assertThat(rows(id).get(1).reason()).contains("recovered: signed in to main again");
        assertThat(rows(id).get(0).reason()).isEmpty();
        assertThat(sent).hasSize(3);
        assertThat(sent.get(1)).contains("the news", "recovered: signed in to main again");
        assertThat(sent.get(2)).doesNotContain("recovered");
    }

    @Test
    void anotherCredentialOpensTheGateAndAnotherProcessKnowsOfIt() {
        start();
        agent.answer = request -> RunResult.failed(FailureKind.TRANSIENT, LAPSED, "");
        String id = create(brief(), "every 5m");
        environment.advance(MINUTE.multipliedBy(6));
        runtime.close();

        runtime = builder().build();
        runtime.start();
        environment.advance(MINUTE.multipliedBy(5));
        assertThat(agent.calls).as("a restart forgets nothing").hasSize(1);

        agent.backends = List.of(FakeAgent.acme("second secret"));
        agent.answer = request -> RunResult.ok("the news");
        environment.advance(MINUTE.multipliedBy(5));

        assertThat(agent.calls).hasSize(2);
        assertThat(rows(id).get(0).status()).isEqualTo(ExecutionStatus.OK);
        assertThat(runtime.signedOut()).isEmpty();
        assertThat(store.ledger().facts("").toString()).doesNotContain("secret");
    }

    @Test
    void aJobWithAnotherBackendToTakeTakesIt() {
        start();
        Backend spare = Backend.of("spare").credential("third").build();
        agent.backends = List.of(FakeAgent.acme("first secret"), spare);
        agent.answer = request -> request.backends().get(0).equals(spare)
                ? RunResult.ok("by the spare one")
                : RunResult.failed(FailureKind.TRANSIENT, LAPSED, "");
        create(brief(), "every 5m");

        environment.advance(MINUTE.multipliedBy(11));

        assertThat(agent.calls).containsExactly("main", "spare");
    }

    @Test
    void aOneShotWaitsForTheSignInAndThenRuns() {
        start();
        agent.answer = request -> RunResult.failed(FailureKind.TRANSIENT, LAPSED, "");
        String id = create(brief(), "5m");
        environment.advance(MINUTE.multipliedBy(6));

        JobDefinition waiting = store.jobs().find(id).orElseThrow().definition();
        assertThat(waiting.isEnabled()).isFalse();
        assertThat(waiting.get(JobField.PAUSED_REASON)).contains("signed_out: main");
        assertThat(sent).hasSize(1);

        agent.answer = request -> RunResult.ok("late but there");
        runtime.signedIn("main");
        environment.advance(MINUTE);

        assertThat(agent.calls).hasSize(2);
        assertThat(rows(id)).extracting(Execution::status).containsExactly(ExecutionStatus.OK, ExecutionStatus.ERROR);
        assertThat(store.jobs().find(id).orElseThrow().engine().runCount()).isEqualTo(1);
        assertThat(sent).hasSize(2);
    }

    @Test
    void aLapseFoundBySomebodyWhoBeganBeforeTheSignInClosesNothing() {
        start();
        agent.answer = request -> {
            try {
                request.environment().sleep(MINUTE.multipliedBy(3));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return RunResult.failed(FailureKind.TRANSIENT, LAPSED, "");
        };
        create(brief(), "every 5m");
        create(brief().set(JobField.NAME, "other"), "every 6m");
        environment.advance(MINUTE.multipliedBy(8).plusSeconds(5));
        assertThat(runtime.signedOut()).as("the first found it").hasSize(1);
        runtime.signedIn("main");

        environment.advance(MINUTE.plusSeconds(5));

        assertThat(agent.calls).as("the second began before the sign-in").hasSize(2);
        assertThat(runtime.signedOut()).isEmpty();
    }

    @Test
    void whatIsLeftWaitingForAnOpenGateIsReleasedByHandAndAtTheNextStart() {
        start();
        agent.answer = request -> RunResult.failed(FailureKind.TRANSIENT, LAPSED, "");
        String id = create(brief(), "5m");
        environment.advance(MINUTE.multipliedBy(6));
        runtime.stop(); // or the ticker, woken, would be faster than the next line now and then
        runtime.signedIn("main");
        runtime.jobs()
                .pause(id, Optional.of("signed_out: main")); // as if the opener had died before it came to this one
        agent.answer = request -> RunResult.ok("late but there");
        runtime.close();

        runtime = builder().build();
        runtime.start();
        environment.advance(MINUTE);

        assertThat(rows(id)).extracting(Execution::status).containsExactly(ExecutionStatus.OK, ExecutionStatus.ERROR);
    }

    @Test
    void aRunThatWasAskedToEndIsNotRepeatedHoweverItFails() {
        start();
        agent.answer = request -> {
            runtime.jobs().cancel(request.job().id(), Optional.empty());
            return RunResult.failed(FailureKind.TRANSIENT, "at the same moment", "");
        };
        String id = create(brief(), "every 5m");

        environment.advance(MINUTE.multipliedBy(6));

        assertThat(agent.calls).hasSize(1);
        assertThat(rows(id)).extracting(Execution::status).containsExactly(ExecutionStatus.CANCELLED);
        assertThat(sent).isEmpty();
    }

    @Test
    void aClassifierOfOnesOwnComesFirstAndOneThatThrowsIsPassedOver() {
        runtime = builder()
                .classifier(attempt -> {
                    throw new IllegalStateException("broken");
                })
                .classifier(attempt ->
                        attempt.error().contains("quota") ? Optional.of(FailureKind.TERMINAL) : Optional.empty())
                .build();
        runtime.start();
        agent.answer = request -> RunResult.failed(FailureKind.TRANSIENT, "quota used up", "");
        String id = create(brief(), "every 5m");

        try (LogCapture log = LogCapture.of("cron.run")) {
            environment.advance(MINUTE.multipliedBy(6));
            assertThat(log.warnings())
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("cron.classifier-failed"));
        }

        assertThat(agent.calls).hasSize(1);
        assertThat(rows(id))
                .singleElement()
                .satisfies(row -> assertThat(row.failureKind()).contains("terminal"));
    }

    @Test
    void anAgentThatSaysNothingForTenMinutesIsEndedAndOneThatSpeaksIsNot() {
        start();
        agent.answer = request -> {
            boolean speaks = request.job().displayName().equals("talker");
            for (int i = 0; i < 4; i++) {
                try {
                    request.environment().sleep(Duration.ofMinutes(5));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return RunResult.failed(FailureKind.TRANSIENT, "interrupted", "");
                }
                if (speaks) {
                    request.progressed();
                }
            }
            return RunResult.ok("done");
        };
        String quiet = create(brief(), "every 25m");
        String talker = create(brief().set(JobField.NAME, "talker"), "every 25m");
        String patient = create(brief().set(JobField.IDLE_TIMEOUT, Duration.ofMinutes(25)), "every 25m");

        environment.advance(MINUTE.multipliedBy(48));

        assertThat(rows(quiet).get(0).status()).isEqualTo(ExecutionStatus.TIMED_OUT);
        assertThat(rows(quiet).get(0).error().orElseThrow()).contains("idle limit of 10m");
        assertThat(rows(quiet).get(0).took()).contains(Duration.ofMinutes(10));
        assertThat(rows(talker).get(0).status()).isEqualTo(ExecutionStatus.OK);
        assertThat(rows(patient).get(0).status()).isEqualTo(ExecutionStatus.OK);
    }

    @Test
    void anAgentThatNeverReachedItsModelIsTriedAgainAfterFiveFifteenAndThirtyMinutes() {
        start();
        agent.answer = request -> RunResult.failed(FailureKind.UNREACHABLE, "no network", "");
        String id = create(brief(), "every 2h");

        environment.advance(MINUTE.multipliedBy(120 + 55));

        assertThat(agent.calls).as("three within the budget, then the ladder").hasSize(6);
        List<Instant> begun = new ArrayList<>(
                rows(id).stream().map(row -> row.startedAt().orElseThrow()).toList());
        Collections.reverse(begun);
        assertThat(Duration.between(begun.get(2), begun.get(3)))
                .isBetween(MINUTE.multipliedBy(5), MINUTE.multipliedBy(6));
        assertThat(Duration.between(begun.get(3), begun.get(4)))
                .isBetween(MINUTE.multipliedBy(15), MINUTE.multipliedBy(16));
        assertThat(Duration.between(begun.get(4), begun.get(5)))
                .isBetween(MINUTE.multipliedBy(30), MINUTE.multipliedBy(31));
        assertThat(sent).as("one alert for the run").hasSize(1);
        assertThat(events("cron.retries-exhausted")).hasSize(1);
        assertThat(store.jobs().find(id).orElseThrow().engine().failureStreak()).isEqualTo(1);
    }

    @Test
    void theLadderEndsBeforeTheNextOccurrence() {
        start();
        agent.answer = request -> RunResult.failed(FailureKind.UNREACHABLE, "no network", "");
        create(brief(), "every 12m");

        environment.advance(MINUTE.multipliedBy(23));

        assertThat(agent.calls).as("only the first rung lies before the next").hasSize(4);
    }

    @Test
    void aBackendThatAsksToBeLeftAloneIsLeftAlone() {
        start();
        agent.answer = request ->
                RunResult.failed(FailureKind.TRANSIENT, "slow down", "").withRetryAfter(Duration.ofSeconds(90));
        String id = create(brief(), "every 30m");

        environment.advance(MINUTE.multipliedBy(35));

        assertThat(agent.calls).hasSize(3);
        assertThat(Duration.between(
                        rows(id).get(2).startedAt().orElseThrow(),
                        rows(id).get(1).startedAt().orElseThrow()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void whatWasBlockedAndRunsAgainSaysSoOnce() {
        start();
        agent.answer = request -> RunResult.blocked("the key is missing");
        String id = create(brief(), "every 5m");
        environment.advance(MINUTE.multipliedBy(11));
        assertThat(sent).as("told once").hasSize(1);

        agent.answer = request -> RunResult.ok("the news");
        environment.advance(MINUTE.multipliedBy(10));

        assertThat(sent).hasSize(3);
        assertThat(sent.get(1)).contains("the news", "recovered");
        assertThat(sent.get(2)).doesNotContain("recovered");
        assertThat(rows(id)).hasSize(4);
    }

    @Test
    void aTimeLimitIsKeptToTheSecond() {
        start();
        agent.answer = request -> {
            try {
                request.environment().sleep(Duration.ofMinutes(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return RunResult.ok("too late");
        };
        String id = create(brief().set(JobField.TIMEOUT, Duration.ofSeconds(3)), "every 5m");

        environment.advance(MINUTE.multipliedBy(6));

        assertThat(rows(id).get(0).status()).isEqualTo(ExecutionStatus.TIMED_OUT);
        assertThat(rows(id).get(0).took()).contains(Duration.ofSeconds(3));
    }

    @Test
    void anAgentThatGoesOnTalkingForHoursIsEndedAfterFourOfThem() {
        start();
        agent.answer = request -> {
            try {
                for (int i = 0; i < 100; i++) {
                    request.environment().sleep(Duration.ofMinutes(5));
                    request.progressed();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return RunResult.ok("too late");
        };
        String id = create(brief(), "every 5h");

        environment.advance(Duration.ofMinutes(570));

        assertThat(rows(id)).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
            assertThat(row.took()).contains(Duration.ofHours(4));
        });
    }

    private record PrintingScript(List<String> calls) implements JobRunner {
        @Override
        public String kind() {
            return "script";
        }

        @Override
        public List<Backend> backends(Job job) {
            return List.of(FakeAgent.acme("first secret"));
        }

        @Override
        public RunResult run(RunRequest request) {
            calls.add(request.execution().id());
            return RunResult.failed(FailureKind.TRANSIENT, "The script ended with exit code 1.", LAPSED)
                    .withBackend("main");
        }
    }

    private record Recorder(List<String> sent) implements DeliveryChannel {
        @Override
        public String platform() {
            return "recorder";
        }

        @Override
        public void checkAddress(String address) {
            // every address will do
        }

        @Override
        public String send(DeliveryMessage message) {
            sent.add(message.text());
            return "";
        }
    }
}
