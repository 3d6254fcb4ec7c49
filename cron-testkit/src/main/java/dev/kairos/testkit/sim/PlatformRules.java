package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import java.util.function.Consumer;

/** Where processes have different channels: none takes a message that it cannot deliver, none gives one up for that. */
final class PlatformRules implements Step.Rule {
    private static final int MOST_SENDS = 4;

    private final SimWorld world;

    PlatformRules(SimWorld world) {
        this.world = world;
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        for (Step.EnvelopeChange change : step.envelopeChanges()) {
            Envelope before = change.before();
            Envelope after = change.after();
            if (before == null || after == null) {
                continue;
            }
            if (after.node().isPresent()
                    && !after.node().equals(before.node())
                    && !world.processOf(after.node().get()).platforms.contains(after.platform())) {
                violation.accept("a node claims an envelope that it cannot deliver: " + after);
            }
            if (!step.writer().platforms.contains(after.platform()) && isGivenUp(after)) {
                violation.accept(step.writer().name + " gives up what another node could deliver: " + after);
            }
        }
    }

    /** An alert is sent once, so one that may have been sent is over; a result has its further attempts. */
    private static boolean isGivenUp(Envelope envelope) {
        boolean hasAttemptLeft = envelope.content() == Envelope.Content.RESULT && envelope.attempts() < MOST_SENDS;
        return envelope.state() == EnvelopeState.FAILED || envelope.state() == EnvelopeState.UNKNOWN && hasAttemptLeft;
    }
}
