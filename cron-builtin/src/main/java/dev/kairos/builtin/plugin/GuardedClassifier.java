package dev.kairos.builtin.plugin;

import dev.kairos.api.run.FailedAttempt;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.FailureKind;
import java.util.Optional;

/** A plug-in's classifier. One that throws or hangs says nothing: the caller asks the next. */
final class GuardedClassifier implements FailureClassifier {
    private final FailureClassifier classifier;
    private final Gate gate;

    GuardedClassifier(FailureClassifier classifier, Gate gate) {
        this.classifier = classifier;
        this.gate = gate;
    }

    @Override
    public Optional<FailureKind> classify(FailedAttempt attempt) {
        return gate.bounded("classify", () -> classifier.classify(attempt));
    }
}
