package dev.kairos.channels.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One request. Its text names the host alone: address and headers may hold a token. Immutable; each method answers a new
 * one.
 *
 * <p>Status: experimental since 0.1.
 */
public final class HttpCall {
    private final String method;
    private final URI uri;
    private final Map<String, String> headers;
    private final byte[] body;

    private HttpCall(String method, URI uri, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    /** A POST without a body. */
    public static HttpCall post(URI uri) {
        return new HttpCall("POST", Objects.requireNonNull(uri), Map.of(), new byte[0]);
    }

    /** A PUT without a body. */
    public static HttpCall put(URI uri) {
        return new HttpCall("PUT", Objects.requireNonNull(uri), Map.of(), new byte[0]);
    }

    /** A GET. */
    public static HttpCall get(URI uri) {
        return new HttpCall("GET", Objects.requireNonNull(uri), Map.of(), new byte[0]);
    }

    /** The same with a header. A line end in its value, which would begin another header, is refused. */
    public HttpCall header(String name, String value) {
        if (value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f)) {
            throw new IllegalArgumentException("a control character in the header " + name);
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpCall(method, uri, more, body);
    }

    /** The same with {@code Authorization: Bearer}. */
    public HttpCall bearer(String token) {
        return header("Authorization", "Bearer " + token);
    }

    /** The same with {@code Authorization: Basic}. */
    public HttpCall basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** The same with a JSON body. */
    public HttpCall json(Object tree) {
        return body("application/json; charset=utf-8", Json.write(tree));
    }

    /** The same with the fields of a form. */
    public HttpCall form(Map<String, String> fields) {
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> form.append(form.length() == 0 ? "" : "&")
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return body("application/x-www-form-urlencoded", form.toString());
    }

    /** The same with a body. */
    public HttpCall body(String contentType, String text) {
        return body(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a body of bytes, which are not copied. */
    public HttpCall body(String contentType, byte[] bytes) {
        return new HttpCall(method, uri, headers, bytes).header("Content-Type", contentType);
    }

    /** The same with the parts of a form, files among them. */
    public HttpCall multipart(Multipart form) {
        return body(form.contentType(), form.bytes());
    }

    /** A piece of a path or a query, so that nothing in it leads elsewhere. */
    public static String encoded(String piece) {
        return URLEncoder.encode(piece, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Where it goes. May hold a token: never for a log or a message. */
    URI uri() {
        return uri;
    }

    String method() {
        return method;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** The host it goes to, for messages. */
    public String host() {
        return String.valueOf(uri.getHost());
    }

    @Override
    public String toString() {
        return method + " to " + host();
    }
}
