package dev.kairos.channels.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A door with STARTTLS (RFC 3207) before a mail server that has none: it answers what is said in the open, and hands what
 * comes through TLS to the server. GreenMail speaks SMTP in the open or under TLS from the beginning alone.
 */
final class StartTlsDoor implements AutoCloseable {
    private final ServerSocket door;
    private final int behind;
    private final SSLContext tls;
    private final List<String> inTheOpen = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    StartTlsDoor(int behind, Path keyStore) throws Exception {
        this.behind = behind;
        this.tls = context(keyStore);
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("starttls-door", this::accept);
    }

    private static SSLContext context(Path keyStore) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return door.getLocalPort();
    }

    /** The commands that came before TLS. */
    List<String> inTheOpen() {
        return inTheOpen;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                serve(client);
            } catch (IOException e) {
                // hung up, refused our certificate, or closed
            }
        }
    }

    private void serve(Socket client) throws IOException {
        OutputStream out = client.getOutputStream();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        say(out, "220 door");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            inTheOpen.add(line);
            if (line.equals("STARTTLS")) {
                say(out, "220 go ahead");
                encrypted(client);
                return;
            }
            say(out, line.startsWith("EHLO") ? "250-door\r\n250 STARTTLS" : "530 5.7.0 STARTTLS first");
        }
    }

    private void encrypted(Socket client) throws IOException {
        SSLSocket secret = (SSLSocket) tls.getSocketFactory().createSocket(client, "localhost", client.getPort(), true);
        secret.setUseClientMode(false);
        secret.startHandshake();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
        open.add(server);
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        start("starttls-in", () -> pass(secret, server));
        start("starttls-out", () -> pass(server, secret));
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of the two hung up
        }
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
