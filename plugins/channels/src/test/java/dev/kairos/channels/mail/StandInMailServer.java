package dev.kairos.channels.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server that answers commands as it was told to: the first word of a command to a reply; an empty one hangs up. */
final class StandInMailServer implements AutoCloseable {
    private final ServerSocket server;
    private final Map<String, String> replies;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** Replies to {@code RCPT TO:<bad@...>} and the like may be given by the whole command. */
    StandInMailServer(Map<String, String> replies) {
        this.replies = replies;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::accept, "stand-in-mail");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    List<String> commands() {
        return commands;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                open.add(connection);
                talk(connection);
            } catch (IOException e) {
                // hung up, or closed
            }
        }
    }

    private void talk(Socket connection) throws IOException {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = connection.getOutputStream();
            if (!say(out, replies.getOrDefault("connect", "220 stand-in"))) {
                return;
            }
            boolean isData = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (isData) {
                    isData = !line.equals(".");
                    if (!isData && !say(out, replies.getOrDefault(".", "250 2.0.0 taken"))) {
                        return;
                    }
                    continue;
                }
                commands.add(line);
                String word = line.split(" ")[0];
                String standard = word.equals("DATA") ? "354 go on" : word.equals("QUIT") ? "221 bye" : "250 fine";
                if (!say(out, replies.getOrDefault(line, replies.getOrDefault(word, standard)))) {
                    return;
                }
                isData = word.equals("DATA") && !replies.containsKey("DATA");
            }
        }
    }

    private static boolean say(OutputStream out, String reply) throws IOException {
        if (reply.isEmpty()) {
            return false;
        }
        if (!reply.equals("hang")) {
            out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        return true;
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
