package dev.kairos.testkit;

import dev.kairos.api.env.Environment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on this machine that stands in for a platform: it keeps each request as it came over the wire and answers as it
 * was told to, badly too. A connection carries one request.
 *
 * <p>Thread-safe; closed by the test. Status: experimental since 0.1.
 */
public final class StandInPlatform implements AutoCloseable {
    private static final int LONGEST_LINE = 64 * 1024;

    private final Environment environment;
    private final ServerSocket server;
    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile Reply standard = Reply.of(404, "nobody told the stand-in what to answer");

    /** A request as it came: header names in lower case. */
    public record Request(String method, String target, Map<String, String> headers, String body) {}

    /** What the stand-in does with a connection whose request it has read. */
    @FunctionalInterface
    public interface Reply {
        /** Writes the answer; the connection is closed afterwards. */
        void give(Socket connection) throws IOException, InterruptedException;

        /**
         * An answer.
         *
         * @param headers whole lines, such as {@code Retry-After: 7}
         */
        static Reply of(int status, String body, String... headers) {
            return connection -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Stand-in\r\n");
                for (String header : headers) {
                    head.append(header).append("\r\n");
                }
                head.append("Content-Length: ").append(bytes.length).append("\r\nConnection: close\r\n\r\n");
                OutputStream out = connection.getOutputStream();
                out.write(head.toString().getBytes(StandardCharsets.UTF_8));
                out.write(bytes);
                out.flush();
            };
        }

        /** Nothing, and the connection ends. */
        static Reply cut() {
            return connection -> {};
        }

        /** An answer that promises more than comes before the connection ends. */
        static Reply brokenOff(int status, String beginning) {
            return connection -> {
                OutputStream out = connection.getOutputStream();
                out.write(("HTTP/1.1 " + status + " Stand-in\r\nContent-Length: 1000\r\n\r\n" + beginning)
                        .getBytes(StandardCharsets.UTF_8));
                out.flush();
            };
        }

        /** Bytes that are no HTTP. */
        static Reply noise() {
            return connection ->
                    connection.getOutputStream().write("\u0000SSH-2.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        }

        /** A body of so many bytes that never was of use. */
        static Reply huge(int status, long bytes) {
            return connection -> {
                OutputStream out = connection.getOutputStream();
                out.write(("HTTP/1.1 " + status + " Stand-in\r\nContent-Length: " + bytes + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
                byte[] block = " ".repeat(8 * 1024).getBytes(StandardCharsets.UTF_8);
                for (long written = 0; written < bytes; written += block.length) {
                    out.write(block);
                }
            };
        }
    }

    /** A stand-in that listens on a free port of the loopback interface. */
    public StandInPlatform(Environment environment) {
        this.environment = environment;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.start("stand-in", this::accept);
    }

    /** Where it listens: {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** What it answers once, after what it was told before. */
    public synchronized StandInPlatform then(Reply reply) {
        replies.add(reply);
        return this;
    }

    /** What it answers when nothing else is left. */
    public StandInPlatform always(Reply reply) {
        standard = reply;
        return this;
    }

    /** Keeps the connection open and says nothing, until it is closed. */
    public Reply hang() {
        return connection -> environment.newSignal().await(java.time.Duration.ofMinutes(5));
    }

    /** What came, in order. */
    public List<Request> requests() {
        return requests;
    }

    /** The one request that came. */
    public Request request() {
        if (requests.size() != 1) {
            throw new AssertionError(requests.size() + " requests came: " + requests);
        }
        return requests.get(0);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                open.add(connection);
                environment.start("stand-in-connection", () -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Request request = read(new BufferedInputStream(connection.getInputStream()));
            Reply reply = next(request);
            reply.give(connection);
        } catch (IOException e) {
            // the channel hung up
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Reply next(Request request) {
        requests.add(request);
        return replies.isEmpty() ? standard : replies.removeFirst();
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ");
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(first[0], first[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LONGEST_LINE) {
                throw new IOException("no line");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
