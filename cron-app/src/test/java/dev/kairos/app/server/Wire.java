package dev.kairos.app.server;

import dev.kairos.app.terminal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One connection, byte by byte as the test wants it. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    static Wire to(String url) throws IOException {
        return new Wire(
                new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort()));
    }

    /** Sends a request's head, lines ended as HTTP has it. */
    Wire head(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    Wire send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return this;
    }

    /** Whether the other side takes no more bytes. */
    boolean isRefusing(String text) {
        try {
            send(text);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    record Told(int status, Map<String, String> headers, String body) {
        Map<String, Object> json() {
            return Json.object("the answer", body);
        }

        /** The error's words, which are there in the one shape that all have. */
        String what() {
            Map<?, ?> error = (Map<?, ?>) Objects.requireNonNull(json().get("error"));
            if (!error.keySet().toString().equals("[status, what, do]")
                    || !error.get("status").toString().equals(String.valueOf(status))) {
                throw new AssertionError("not the shape of an error: " + body);
            }
            return String.valueOf(error.get("what"));
        }
    }

    /** Reads one answer. */
    Told answer() throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Told(
                Integer.parseInt(status.split(" ")[1]),
                headers,
                new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended after: " + line);
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Whether the other side ends the connection without another word. */
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Whether what was sent is told off, or the connection ended over it. */
    boolean isEndedOrRefused() throws IOException {
        try {
            return answer().status() >= 400;
        } catch (IOException ended) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
