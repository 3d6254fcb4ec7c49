package dev.kairos.provider.quartz;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A way to a server that can be cut, so that the server seems to be gone, and mended again. */
final class Relay implements Closeable {
    private final int target;
    private final int port;
    private final List<Closeable> open = new ArrayList<>();
    private ServerSocket door;

    Relay(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = door.getLocalPort();
        serve(door);
    }

    int port() {
        return port;
    }

    synchronized void mend() throws IOException {
        door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        serve(door);
    }

    /** From now on nothing passes: neither by what is open nor by what is being opened just now. */
    synchronized void cut() throws IOException {
        door.close();
        for (Closeable each : open) {
            each.close();
        }
        open.clear();
    }

    private synchronized void opened(ServerSocket server, Closeable one, Closeable other) throws IOException {
        open.add(one);
        open.add(other);
        if (server.isClosed()) { // it was cut between the call and here
            one.close();
            other.close();
        }
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void serve(ServerSocket server) {
        thread(() -> {
            while (!server.isClosed()) {
                Socket here = server.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                opened(server, here, there);
                thread(() -> copy(here.getInputStream(), there.getOutputStream()));
                thread(() -> copy(there.getInputStream(), here.getOutputStream()));
            }
        });
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] bytes = new byte[8192];
        for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
            to.write(bytes, 0, read);
            to.flush();
        }
        to.close();
    }

    private static void thread(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException e) {
                // cut
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Body {
        void run() throws IOException;
    }
}
