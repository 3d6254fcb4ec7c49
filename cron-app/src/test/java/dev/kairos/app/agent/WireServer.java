package dev.kairos.app.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A model's endpoint on a real socket that answers, refuses, breaks off or says nothing, as a test wants; counts requests. */
final class WireServer implements AutoCloseable {
    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    private final ServerSocket socket;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Request, Reply> standard = request -> Reply.status(500, "nothing is scripted");

    /** A request as it came. */
    record Request(String path, Map<String, String> headers, String body) {}

    /** What is done with a request. */
    interface Reply {
        void send(OutputStream to, CountDownLatch closed) throws Exception;

        static Reply json(String body) {
            return status(200, body);
        }

        static Reply status(int status, String body, String... headers) {
            return (to, closed) -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                StringBuilder head =
                        new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n");
                for (String header : headers) {
                    head.append(header).append("\r\n");
                }
                head.append("Content-Length: ").append(bytes.length).append("\r\nConnection: close\r\n\r\n");
                to.write(head.toString().getBytes(StandardCharsets.UTF_8));
                to.write(bytes);
            };
        }

        static Reply events(String... events) {
            return (to, closed) -> {
                to.write(("HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
                for (String event : events) {
                    to.write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
                    to.flush();
                }
            };
        }

        /** Half an answer, then the end of the connection. */
        static Reply cut() {
            return (to, closed) -> to.write(
                    "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"id\":\"c1\",\"cho"
                            .getBytes(StandardCharsets.UTF_8));
        }

        /** Nothing, until the test ends. */
        static Reply hang() {
            return (to, closed) -> closed.await();
        }
    }

    WireServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "wire-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
    }

    /** Next replies, in order. */
    WireServer then(Reply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    /** The reply to whatever is beyond the script. */
    WireServer always(Reply reply) {
        standard = request -> reply;
        return this;
    }

    /** The reply by what was asked. */
    WireServer always(Function<Request, Reply> reply) {
        standard = reply;
        return this;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread worker = new Thread(() -> serve(connection), "wire-connection");
                worker.setDaemon(true);
                worker.start();
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream from = connection.getInputStream();
                OutputStream to = connection.getOutputStream()) {
            Request request = read(from);
            requests.add(request);
            Reply reply = script.poll();
            (reply == null ? standard.apply(request) : reply).send(to, closed);
            to.flush();
        } catch (Exception gone) {
            // the client left, which some tests are about
        }
    }

    private static Request read(InputStream from) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = from.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        byte[] body = from.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(lines[0].split(" ")[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }
}
