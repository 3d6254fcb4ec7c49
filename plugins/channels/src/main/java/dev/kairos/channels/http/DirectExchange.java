package dev.kairos.channels.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One request of HTTP/1.1 over a connection of its own, to addresses that were looked at before: the name is not resolved
 * again in between, as the JDK's client would, and a name service that answers otherwise the second time leads nowhere
 * else. TLS asks for the name, and the certificate must be that name's.
 *
 * <p>{@link #exchange} blocks its thread; {@link #close}, from any thread, ends it.
 */
final class DirectExchange implements AutoCloseable {
    private final HttpCall call;
    private final Duration connectTimeout;
    private final SSLSocketFactory tls;
    private final Object lock = new Object();
    private @Nullable Socket held;
    private boolean isClosed;
    private boolean isSent;

    DirectExchange(HttpCall call, Duration connectTimeout, SSLSocketFactory tls) {
        this.call = call;
        this.connectTimeout = connectTimeout;
        this.tls = tls;
    }

    /** Whether the request may have been carried out: it began to be written. */
    boolean isSent() {
        synchronized (lock) {
            return isSent;
        }
    }

    /** Asks the first of the addresses that lets itself be connected to. */
    Answer exchange(List<InetAddress> addresses) throws IOException {
        try (Socket connection = secured(connected(addresses))) {
            synchronized (lock) {
                isSent = true;
            }
            OutputStream out = connection.getOutputStream();
            out.write(head());
            out.write(call.body());
            out.flush();
            return new AnswerReader(connection.getInputStream()).read();
        }
    }

    private Socket connected(List<InetAddress> addresses) throws IOException {
        IOException trouble = new ConnectException("no address");
        for (InetAddress address : addresses) {
            Socket socket = hold(new Socket(Proxy.NO_PROXY));
            try {
                socket.connect(new InetSocketAddress(address, port()), Math.toIntExact(connectTimeout.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                trouble = e;
            }
        }
        throw (ConnectException) new ConnectException("no address answers").initCause(trouble);
    }

    private Socket secured(Socket plain) throws IOException {
        if (!isTls()) {
            return plain;
        }
        String host = call.host();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        SSLSocket secret = (SSLSocket) tls.createSocket(plain, name, port(), true);
        SSLParameters wish = secret.getSSLParameters();
        wish.setEndpointIdentificationAlgorithm("HTTPS");
        secret.setSSLParameters(wish);
        secret.startHandshake();
        return secret;
    }

    private Socket hold(Socket socket) throws IOException {
        synchronized (lock) {
            held = socket;
            if (isClosed) {
                socket.close();
            }
        }
        return socket;
    }

    private boolean isTls() {
        return "https".equalsIgnoreCase(call.uri().getScheme());
    }

    private int port() {
        int port = call.uri().getPort();
        return port >= 0 ? port : isTls() ? 443 : 80;
    }

    private byte[] head() {
        URI uri = call.uri();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        String host = uri.getPort() >= 0 ? call.host() + ":" + uri.getPort() : call.host();
        StringBuilder head = new StringBuilder(call.method() + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        call.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(call.body().length).append("\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            isClosed = true;
            if (held != null) {
                held.close();
            }
        }
    }
}
