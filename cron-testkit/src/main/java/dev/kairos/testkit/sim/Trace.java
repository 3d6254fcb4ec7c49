package dev.kairos.testkit.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened, in order: the last events as text, all of them as one number to compare two runs by. */
final class Trace {
    private static final int KEPT = 200;

    private final Deque<String> last = new ArrayDeque<>();
    private long digest = 1;
    private long count;

    void add(long uptimeMillis, String event) {
        String line = String.valueOf(uptimeMillis / 1_000) + '.' + millis(uptimeMillis % 1_000) + "s " + event;
        digest = digest * 1_099_511_628_211L + line.hashCode();
        count++;
        last.addLast(line);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    private static String millis(long value) {
        return value < 10 ? "00" + value : value < 100 ? "0" + value : String.valueOf(value);
    }

    List<String> last() {
        return List.copyOf(last);
    }

    long digest() {
        return digest;
    }

    long count() {
        return count;
    }
}
