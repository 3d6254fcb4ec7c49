package dev.kairos.app.server;

import java.util.Locale;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What the library itself refuses, in the shape of all our errors: no page, no stack, no word of who refuses. */
final class PlainErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Gatekeeper.write(response, told(response.getStatus()), callback);
        return true;
    }

    private static HttpAnswer told(int status) {
        String what = HttpStatus.getMessage(status).toLowerCase(Locale.ROOT);
        return switch (status) {
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                HttpAnswer.error(status, "the head is too large", "send fewer or shorter headers");
            case HttpStatus.URI_TOO_LONG_414 -> HttpAnswer.error(status, "the address is too long", "shorten it");
            case HttpStatus.REQUEST_TIMEOUT_408 ->
                HttpAnswer.error(status, "the request took too long", "send it faster");
            case HttpStatus.INTERNAL_SERVER_ERROR_500 ->
                HttpAnswer.error(status, "this should not have happened", "see the server's log");
            default -> HttpAnswer.error(status, what, "send a well-formed HTTP/1.1 request");
        };
    }
}
