package dev.kairos.app.server;

import java.util.Locale;
import java.util.Optional;

/**
 * Decides by the head of a call whether it is let in. The order matters: who has no token learns nothing of what there is.
 * Thread-safe.
 */
final class Gate {
    private static final String SCHEME = "bearer ";

    private final AllowedHosts hosts;
    private final ServerToken token;
    private final int largestBody;

    /**
     * One for all calls.
     *
     * @param largestBody in bytes, whatever the endpoints say
     */
    Gate(AllowedHosts hosts, ServerToken token, int largestBody) {
        this.hosts = hosts;
        this.token = token;
        this.largestBody = largestBody;
    }

    /**
     * The head of a call.
     *
     * @param length the announced length of the body; -1 where it is not announced
     */
    record Head(
            String method,
            Optional<String> host,
            Optional<String> origin,
            Optional<String> authorization,
            Optional<String> contentType,
            long length) {}

    /** Why the call is not let in to the endpoint at its path, if there is one; empty if it is let in. */
    Optional<HttpAnswer> refusal(Head head, Optional<Endpoint> endpoint) {
        if (head.host().filter(hosts::areAsked).isEmpty()) {
            return Optional.of(HttpAnswer.error(
                    421,
                    "not served under this name",
                    "call it as localhost, or name the host in server.allowed_hosts"));
        }
        if (head.origin().filter(origin -> !isOwn(head, origin)).isPresent()) {
            return Optional.of(HttpAnswer.error(
                    403, "pages of other origins may not call it", "call it from a program, without Origin"));
        }
        boolean isOpen = endpoint.filter(one -> !one.needsToken()).isPresent();
        if (!isOpen && !hasToken(head)) {
            return Optional.of(HttpAnswer.error(
                            401,
                            "the token is missing or wrong",
                            "send the server's token: Authorization: Bearer TOKEN")
                    .with("WWW-Authenticate", "Bearer"));
        }
        return endpoint.map(one -> misuse(head, one))
                .orElseGet(() -> Optional.of(HttpAnswer.error(404, "nothing answers here", "see docs/server.md")));
    }

    private Optional<HttpAnswer> misuse(Head head, Endpoint endpoint) {
        if (!endpoint.methods().contains(head.method())) {
            String allowed =
                    String.join(", ", endpoint.methods().stream().sorted().toList());
            return Optional.of(HttpAnswer.error(405, "no such method here", "use " + allowed)
                    .with("Allow", allowed));
        }
        if (head.length() > largestBody(endpoint)) {
            return Optional.of(tooLarge(endpoint));
        }
        if (head.contentType().filter(type -> !isJson(type)).isPresent()) {
            return Optional.of(HttpAnswer.error(415, "only JSON is read", "send Content-Type: application/json"));
        }
        return Optional.empty();
    }

    int largestBody(Endpoint endpoint) {
        return Math.min(largestBody, endpoint.largestBody());
    }

    HttpAnswer tooLarge(Endpoint endpoint) {
        int most = largestBody(endpoint);
        return HttpAnswer.error(
                413, "the body is too large", most == 0 ? "send none" : "send at most " + most + " bytes");
    }

    private static boolean isJson(String contentType) {
        return contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private static boolean isOwn(Head head, String origin) {
        return AllowedHosts.isOwn(origin, head.host().orElse(""));
    }

    private boolean hasToken(Head head) {
        return head.authorization()
                .filter(text -> text.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(text -> text.substring(SCHEME.length()).strip())
                .filter(token::isToken)
                .isPresent();
    }
}
