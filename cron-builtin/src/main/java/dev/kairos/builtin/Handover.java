package dev.kairos.builtin;

import java.util.Objects;
import java.util.Optional;

/**
 * What came of a provider's taking another's place, or would come of it.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param from the provider in use before
 * @param to the one in use afterwards; the same where nothing changed
 * @param refusal why nothing was changed, a sentence
 * @param remark what is not as it should be although it was done, a sentence
 */
public record Handover(String from, String to, Optional<String> refusal, Optional<String> remark) {
    public Handover {
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(refusal);
        Objects.requireNonNull(remark);
    }

    static Handover done(String from, String to) {
        return new Handover(from, to, Optional.empty(), Optional.empty());
    }

    static Handover refused(String from, String why) {
        return new Handover(from, from, Optional.of(why), Optional.empty());
    }

    Handover remarking(Optional<String> words) {
        return new Handover(from, to, refusal, words);
    }
}
