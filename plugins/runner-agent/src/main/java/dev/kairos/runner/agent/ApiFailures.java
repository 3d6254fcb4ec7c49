package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kairos.api.run.FailureKind;
import dev.langchain4j.exception.HttpException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says of whatever an endpoint or the library threw what kind of failure it is, in words for the user. */
final class ApiFailures {
    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(402, "Payment Required"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(408, "Request Timeout"),
            Map.entry(413, "Content Too Large"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(529, "Overloaded"));
    private static final Pattern TOO_LONG = Pattern.compile(
            "context_length_exceeded|maximum context length|prompt is too long|context window|too many tokens",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern REFUSED =
            Pattern.compile("content_filter|content_policy|content management policy", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_MONEY = Pattern.compile(
            "insufficient_quota|credit balance is too low|billing_hard_limit", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_MODEL = Pattern.compile(
            "model_not_found|not_found_error|model .{0,100}not (?:found|exist)", Pattern.CASE_INSENSITIVE);

    private final ModelEntry entry;

    ApiFailures(ModelEntry entry) {
        this.entry = entry;
    }

    /**
     * The failure.
     *
     * @param isFirst whether no answer came before in this run
     * @throws InterruptedException if it was an interrupt
     */
    BackendFailure of(Throwable thrown, boolean isFirst) throws InterruptedException {
        Interruption.passOn(thrown);
        Optional<HttpException> refusal = find(thrown, HttpException.class);
        if (refusal.isPresent()) {
            Optional<Duration> wait = find(thrown, WireRefusal.class).flatMap(WireRefusal::retryAfter);
            return refused(
                    refusal.get().statusCode(), String.valueOf(refusal.get().getMessage()), wait);
        }
        return onTheWay(thrown, isFirst).withRaw(raw(thrown)).worthAnotherModel();
    }

    private BackendFailure onTheWay(Throwable thrown, boolean isFirst) {
        String name = entry.displayName();
        if (find(thrown, ConnectException.class).isPresent()
                || find(thrown, UnknownHostException.class).isPresent()
                || find(thrown, UnresolvedAddressException.class).isPresent()
                || find(thrown, NoRouteToHostException.class).isPresent()
                || find(thrown, HttpConnectTimeoutException.class).isPresent()) {
            return BackendFailure.of(
                    isFirst ? FailureKind.UNREACHABLE : FailureKind.TRANSIENT,
                    "unreachable",
                    name + " cannot be reached: see whether this machine is on the network and "
                            + entry.path("base_url") + " is right");
        }
        if (find(thrown, HttpTimeoutException.class).isPresent()
                || find(thrown, dev.langchain4j.exception.TimeoutException.class)
                        .isPresent()) {
            return transientOne("timeout", name + " did not answer in time (" + entry.path("timeout") + ")");
        }
        if (find(thrown, JsonProcessingException.class).isPresent()
                || find(thrown, WholeEvents.NoEvents.class).isPresent()) {
            return transientOne("malformed", name + " answered with something that is no JSON");
        }
        if (find(thrown, IOException.class).isPresent()
                || find(thrown, ApiModel.CutShort.class).isPresent()) {
            return transientOne("cut", "the connection to " + name + " broke while it answered");
        }
        return transientOne(
                "unclassified", name + " gave an answer that could not be used; kairos output shows what happened");
    }

    private BackendFailure refused(int status, String body, Optional<Duration> wait) {
        return byStatus(status, body)
                .withRaw(entry.displayName() + " API error (" + status
                        + Optional.ofNullable(PHRASES.get(status))
                                .map(phrase -> " " + phrase)
                                .orElse("")
                        + "): " + body)
                .withRetryAfter(wait);
    }

    private BackendFailure byStatus(int status, String body) {
        String name = entry.displayName();
        if (TOO_LONG.matcher(body).find() || status == 413) {
            return terminal(
                    "context_too_long",
                    "what the job tells " + name + " is longer than its model can read: shorten the prompt, its skills"
                            + " or its context_from, or take another model");
        }
        if (NO_MONEY.matcher(body).find() || status == 402) {
            return terminal("quota", name + " says that its account has nothing left: see to its billing")
                    .worthAnotherModel();
        }
        if (REFUSED.matcher(body).find()) {
            return terminal("refused", name + " refused the task by its own rules: word it differently");
        }
        switch (status) {
            case 401:
                return BackendFailure.of(
                        FailureKind.TRANSIENT,
                        "wrong_key",
                        name + " did not accept the key (401): correct " + entry.path("key"));
            case 403:
                return terminal("forbidden", name + " does not let this key do that (403): see what the key may do");
            case 404:
                return unknownModel(name);
            case 408, 504:
                return transientOne("timeout", name + " took too long to answer (" + status + ")")
                        .worthAnotherModel();
            case 429:
                return transientOne("rate_limited", name + " asks to be called less often (429)")
                        .worthAnotherModel();
            default:
                if (status >= 500) {
                    return transientOne("server_error", name + " has trouble of its own (" + status + ")")
                            .worthAnotherModel();
                }
                return NO_MODEL.matcher(body).find()
                        ? unknownModel(name)
                        : terminal(
                                "bad_request",
                                name + " did not understand the request (" + status
                                        + "); kairos output shows what it said");
        }
    }

    private BackendFailure unknownModel(String name) {
        return terminal(
                        "unknown_model",
                        name + " has no model \"" + entry.model() + "\" there: correct " + entry.path("model") + " or "
                                + entry.path("base_url"))
                .worthAnotherModel();
    }

    private static BackendFailure terminal(String word, String plain) {
        return BackendFailure.of(FailureKind.TERMINAL, word, plain);
    }

    private static BackendFailure transientOne(String word, String plain) {
        return BackendFailure.of(FailureKind.TRANSIENT, word, plain);
    }

    private String raw(Throwable thrown) {
        StringBuilder raw = new StringBuilder(entry.displayName()).append(": ");
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 10; cause = cause.getCause(), depth++) {
            raw.append(depth == 0 ? "" : "\ncaused by ").append(cause);
        }
        return raw.toString();
    }

    private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
