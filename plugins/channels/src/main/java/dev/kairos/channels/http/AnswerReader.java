package dev.kairos.channels.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one answer of HTTP/1.1 (RFC 9112) from a connection that carries no other; no more of it than is needed. */
final class AnswerReader {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int MOST_INTERIM = 8;

    private final InputStream in;
    private int headLeft = LONGEST_HEAD;

    AnswerReader(InputStream in) {
        this.in = new java.io.BufferedInputStream(in);
    }

    /** The final answer; those before it (1xx) are passed over. */
    Answer read() throws IOException {
        for (int i = 0; i < MOST_INTERIM; i++) {
            Matcher status = STATUS.matcher(line());
            if (!status.matches()) {
                throw new IOException("no HTTP");
            }
            Map<String, String> headers = headers();
            int code = Integer.parseInt(status.group(1));
            if (code >= 200) {
                String body = new String(body(code, headers), StandardCharsets.UTF_8);
                return new Answer(code, name -> Optional.ofNullable(headers.get(name)), body);
            }
        }
        throw new IOException("no end of interim answers");
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("no header");
            }
            headers.putIfAbsent(
                    line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(int code, Map<String, String> headers) throws IOException {
        if (code == 204 || code == 304) {
            return new byte[0];
        }
        if (headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
            return chunks();
        }
        String length = headers.getOrDefault("Content-Length", "");
        if (!length.matches("\\d{1,18}")) {
            return in.readNBytes(Http.LONGEST_BODY); // up to the connection's end
        }
        return exactly((int) Math.min(Http.LONGEST_BODY, Long.parseLong(length)));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < Http.LONGEST_BODY) {
            String size = line().replaceFirst(";.*", "").strip();
            if (!size.matches("[0-9A-Fa-f]{1,15}")) {
                throw new IOException("no chunk");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return body.toByteArray();
            }
            int taken = (int) Math.min(length, Http.LONGEST_BODY - body.size());
            body.writeBytes(exactly(taken));
            if (taken == length) {
                line();
            }
        }
        return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("cut");
        }
        return bytes;
    }

    /** A line of the head, or between chunks, without its end. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || --headLeft < 0) {
                throw new EOFException("no line");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
