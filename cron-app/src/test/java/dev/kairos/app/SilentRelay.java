package dev.kairos.app;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server that can fall silent as a network does whose other end lost its power: what is open stays open and
 * carries nothing more, ever; what is opened meanwhile is accepted by nobody but this relay.
 */
final class SilentRelay implements Closeable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<End> open = new CopyOnWriteArrayList<>();
    private final int target;
    /** Connections of an earlier age are silent. */
    private final AtomicInteger age = new AtomicInteger();

    private volatile boolean isSilent;

    SilentRelay(int target) throws IOException {
        this.target = target;
        thread(this::serve);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Nothing is heard of what is open now; what is opened from now on gets through. */
    void loseWhatIsOpen() {
        age.incrementAndGet();
    }

    /** Nothing gets through any more. */
    void fallSilent() {
        isSilent = true;
        loseWhatIsOpen();
    }

    /** What is opened from now on gets through, as to a standby that has taken the address over. */
    void speak() {
        loseWhatIsOpen(); // what was opened meanwhile never gets an answer
        isSilent = false;
    }

    /** Closes what is silent, so that nobody waits for it any longer. */
    void cutWhatIsSilent() throws IOException {
        for (End end : open) {
            if (end.born() < age.get()) {
                end.socket().close();
            }
        }
    }

    /** One side of a way through. */
    private record End(Socket socket, int born) {}

    private void serve() throws IOException {
        while (!door.isClosed()) {
            Socket here = door.accept();
            int born = age.get();
            open.add(new End(here, born));
            if (!isSilent) {
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(new End(there, born));
                here.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                thread(() -> copy(here.getInputStream(), there.getOutputStream(), born));
                thread(() -> copy(there.getInputStream(), here.getOutputStream(), born));
            }
        }
    }

    private void copy(InputStream from, OutputStream to, int born) throws IOException {
        byte[] bytes = new byte[8192];
        int read = from.read(bytes);
        while (read >= 0 && born == age.get()) {
            to.write(bytes, 0, read);
            to.flush();
            read = from.read(bytes);
        }
        if (born == age.get()) {
            to.close(); // the end of one side is heard by the other, unless it is silent
        }
    }

    private static void thread(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException e) {
                // closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Body {
        void run() throws IOException;
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (End end : open) {
            end.socket().close();
        }
    }
}
