package dev.kairos.orchestrator;

import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.FailedAttempt;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.run.SessionExpiry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the classifiers what kind a failure is, before anything of it is redacted: those given first, the host's last. */
final class FailureJudge {
    private static final Logger LOG = LoggerFactory.getLogger("cron.run");

    private final Supplier<List<FailureClassifier>> given;
    private final FailureClassifier own = new SessionExpiry();

    FailureJudge(Supplier<List<FailureClassifier>> given) {
        this.given = given;
    }

    /** The result with its failure's kind judged; a result that is no error passes as it is. */
    RunResult judge(ActiveRun run, RunResult result) {
        if (result.status() != ExecutionStatus.ERROR) {
            return result;
        }
        FailedAttempt attempt = new FailedAttempt(
                run.job(),
                run.execution(),
                run.backend(result.backend()),
                result.error().orElse(""),
                result.message(),
                result.failureKind().orElse(FailureKind.TRANSIENT));
        FailureKind kind = kind(attempt);
        return kind == FailureKind.SESSION_EXPIRED ? lapsed(result, attempt.backend()) : result.withFailureKind(kind);
    }

    private FailureKind kind(FailedAttempt attempt) {
        List<FailureClassifier> classifiers = new ArrayList<>(given.get());
        classifiers.add(own);
        for (FailureClassifier classifier : classifiers) {
            try {
                Optional<FailureKind> kind = classifier.classify(attempt);
                if (kind.isPresent()) {
                    return kind.get();
                }
            } catch (Throwable e) {
                LOG.warn(
                        "cron.classifier-failed classifier={} execution={} the next one is asked",
                        classifier.getClass().getName(),
                        attempt.execution().id(),
                        e);
            }
        }
        return attempt.said();
    }

    private static RunResult lapsed(RunResult result, Optional<Backend> backend) {
        String error = backend.map(lapsed ->
                                "The session of " + lapsed.entry() + " has lapsed. " + advice(lapsed) + "\n\nIt said: ")
                        .orElse("")
                + result.error().orElse("");
        return result.withFailureKind(FailureKind.SESSION_EXPIRED)
                .withReason(FailureKind.SESSION_EXPIRED.word())
                .withTexts(result.message(), Optional.of(error));
    }

    /** What a person does about a lapsed session. */
    static String advice(Backend backend) {
        return "Sign in again, or change its credential; then: kairos signed-in " + backend.entry();
    }
}
