package dev.kairos.orchestrator.run;

import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.FailedAttempt;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.FailureKind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The host's own classifier: knows a lapsed session by the configured backend's 401 together with that backend's own sign,
 * in one text, looked for in the error first and in the output second (behaviour.md §4). Only agent jobs have a session;
 * either half alone, another backend's 401 or a script that prints such a text says nothing.
 *
 * <p>Stateless. Status: internal.
 */
public final class SessionExpiry implements FailureClassifier {
    @Override
    public Optional<FailureKind> classify(FailedAttempt attempt) {
        if (attempt.job().definition().workKind() != WorkKind.AGENT
                || attempt.backend().isEmpty()) {
            return Optional.empty();
        }
        Backend backend = attempt.backend().get();
        return isLapse(attempt.error(), backend) || isLapse(attempt.output(), backend)
                ? Optional.of(FailureKind.SESSION_EXPIRED)
                : Optional.empty();
    }

    private static boolean isLapse(String text, Backend backend) {
        return withoutSpace(text).contains(withoutSpace(backend.sessionSign()))
                && refusal(backend.name()).matcher(text).find();
    }

    /** As in {@code Acme API error (401 Unauthorized)}; the name is no part of a longer word. */
    private static Pattern refusal(String name) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])" + Pattern.quote(name) + "\\s{1,3}API error \\(401(?: [^)\\n]{0,60})?\\)",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** JSON may be written with or without spaces. */
    private static String withoutSpace(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(sign -> !Character.isWhitespace(sign)).forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
