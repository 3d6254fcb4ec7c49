package dev.kairos.testkit;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small runner whose jobs are words of their name, right but for one flaw. */
final class FlawedRunner implements JobRunner {
    static final String SECRET = "t0k3n";

    private static final Duration LONG = Duration.ofSeconds(2);

    /** What can be wrong with it, and the test that must find it. */
    enum Flaw {
        CHANGES_ITS_KIND("itsKindIsLegalAndStaysTheSame"),
        RUNS_IN_CHECK("aCheckRunsNothingFindsNoFaultInASoundJobAndSpeaksInWords"),
        FALLS_OVER_A_BARE_JOB("aJobWithoutAnyFieldHarmsNobody"),
        RETURNS_NULL("itRunsAndSaysItsMessage"),
        THROWS_AN_ERROR("aFailureIsToldInWordsAndHasAKind"),
        TELLS_NO_KIND("aFailureIsToldInWordsAndHasAKind"),
        TELLS_A_SECRET("aFailureIsToldInWordsAndHasAKind"),
        RUNS_ONCE("itRunsAgainAndAgain"),
        RUNS_ONE_AT_A_TIME("theEndOfOneRunIsNobodyElses"),
        SHARES_ITS_MESSAGE("runsMayOverlap"),
        THROWS_WHAT_CANNOT_BEGIN("whatCannotBeginIsBlockedAndSaysWhatToMend"),
        IGNORES_INTERRUPTS("anInterruptEndsItWithEverythingItStarted"),
        LEAVES_ITS_THREAD("anInterruptEndsItWithEverythingItStarted"),
        LEAVES_ITS_CHILD("anInterruptEndsItWithEverythingItStarted"),
        CALLS_AN_INTERRUPT_A_SUCCESS("anInterruptEndsItWithEverythingItStarted"),
        FORGETS_AN_EARLY_INTERRUPT("anInterruptThatComesBeforeItBeginsIsNotLost"),
        SAYS_EVERYTHING("whatItSaysIsBounded"),
        PASSES_THE_HOSTS_VARIABLES_ON("itsChildKnowsItsJobAndNothingOfTheHost"),
        NONE("");

        private final String foundBy;

        Flaw(String foundBy) {
            this.foundBy = foundBy;
        }

        String foundBy() {
            return foundBy;
        }
    }

    private static int made;

    private final Flaw flaw;
    private final int number = ++made;
    private final Object one = new Object();
    private int runs;

    FlawedRunner(Flaw flaw) {
        this.flaw = flaw;
    }

    @Override
    public String kind() {
        return flaw == Flaw.CHANGES_ITS_KIND ? "flawed-" + number : "flawed";
    }

    @Override
    public List<String> check(JobDefinition definition) {
        if (flaw == Flaw.RUNS_IN_CHECK) {
            pause(Duration.ofMillis(500));
        }
        return List.of();
    }

    private static void pause(Duration time) {
        try {
            new RealTimeEnvironment().sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        if (flaw == Flaw.RUNS_ONE_AT_A_TIME) {
            synchronized (one) {
                return work(request);
            }
        }
        return work(request);
    }

    @SuppressWarnings("NullAway") // that is the flaw
    private RunResult work(RunRequest request) throws Exception {
        String[] words = request.job().definition().get(JobField.PROMPT, "").split(" ");
        if (flaw == Flaw.RETURNS_NULL || flaw == Flaw.RUNS_ONCE && ++runs > 1) {
            return null;
        }
        switch (words[0]) {
            case "done":
                runs++;
                boolean isMixedUp = flaw == Flaw.SHARES_ITS_MESSAGE && runs > 2;
                return RunResult.ok(isMixedUp ? "another's" : "done");
            case "fail":
                return failed();
            case "endless":
                return endless(request);
            case "unready":
                if (flaw == Flaw.THROWS_WHAT_CANNOT_BEGIN) {
                    throw new IllegalStateException("not configured");
                }
                return RunResult.blocked("It has no account. Add one.");
            case "loud":
                return RunResult.ok("x".repeat(flaw == Flaw.SAYS_EVERYTHING ? 12_000_000 : 1_000));
            case "show":
                return RunResult.ok(shown(words[1], request));
            default:
                if (flaw == Flaw.FALLS_OVER_A_BARE_JOB) {
                    throw new NullPointerException();
                }
                return RunResult.blocked("The job has no prompt. Give it one.");
        }
    }

    private RunResult failed() {
        if (flaw == Flaw.THROWS_AN_ERROR) {
            throw new LinkageError("no such method");
        }
        if (flaw == Flaw.TELLS_NO_KIND) {
            return RunResult.timedOut("It failed.", "");
        }
        String detail = flaw == Flaw.TELLS_A_SECRET ? " (with token " + SECRET + ")" : "";
        return RunResult.failed(FailureKind.TERMINAL, "It was refused" + detail + ".", "");
    }

    private RunResult endless(RunRequest request) throws Exception {
        Process child = flaw == Flaw.LEAVES_ITS_CHILD ? new ProcessBuilder("sleep", "2").start() : null;
        if (flaw == Flaw.LEAVES_ITS_THREAD) {
            request.environment().start("left-over", () -> pause(LONG));
        }
        try {
            if (flaw == Flaw.FORGETS_AN_EARLY_INTERRUPT) {
                request.environment().newSignal().await(Duration.ofMillis(50));
            }
            request.environment().sleep(LONG);
        } catch (InterruptedException e) {
            if (flaw == Flaw.IGNORES_INTERRUPTS || flaw == Flaw.FORGETS_AN_EARLY_INTERRUPT) {
                pause(Duration.ofMillis(1_500));
            }
            Thread.currentThread().interrupt();
        }
        if (child != null && !child.isAlive()) {
            throw new IllegalStateException("its child went by itself");
        }
        return flaw == Flaw.CALLS_AN_INTERRUPT_A_SUCCESS
                ? RunResult.ok("half of it")
                : RunResult.cancelled("It was ended before it finished.", "");
    }

    private String shown(String variable, RunRequest request) {
        return switch (variable) {
            case "KAIROS_JOB_ID" -> request.job().id();
            case "KAIROS_EXECUTION_ID" -> request.execution().id();
            case "OF_THE_JOB" ->
                request.job().definition().get(JobField.ENV, Map.of()).getOrDefault("OF_THE_JOB", "");
            default -> flaw == Flaw.PASSES_THE_HOSTS_VARIABLES_ON ? SECRET : "";
        };
    }

    static JobDefinition job(String prompt) {
        return JobDefinition.builder()
                .set(JobField.NAME, "flawed")
                .set(JobField.PROMPT, prompt)
                .build();
    }

    static Optional<JobDefinition> some(String prompt) {
        return Optional.of(job(prompt));
    }
}
