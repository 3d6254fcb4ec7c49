package dev.kairos.builtin.system;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps the head and the tail of a stream of bytes and counts what was cut between them. Thread-safe. */
final class Capture {
    private final int headLimit;
    private final int tailLimit;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private byte[] tail = new byte[0];
    private long beyondHead;

    /**
     * Creates an empty one.
     *
     * @param limit bytes kept, 1 or more
     */
    Capture(int limit) {
        headLimit = limit / 2;
        tailLimit = limit - limit / 2;
    }

    synchronized void add(byte[] bytes, int count) {
        int toHead = Math.min(count, headLimit - head.size());
        head.write(bytes, 0, toHead);
        int from = toHead;
        if (from < count && tail.length == 0) {
            tail = new byte[tailLimit];
        }
        beyondHead += count - from;
        int skip = Math.max(0, count - from - tailLimit);
        long at = beyondHead - (count - from) + skip;
        from += skip;
        while (from < count) {
            int start = (int) (at % tailLimit);
            int length = Math.min(count - from, tailLimit - start);
            System.arraycopy(bytes, from, tail, start, length);
            from += length;
            at += length;
        }
    }

    /** The text so far; bytes that are no UTF-8 become U+FFFD. */
    synchronized String text() {
        byte[] first = head.toByteArray();
        if (beyondHead == 0) {
            return decode(first, 0, first.length);
        }
        byte[] last = inOrder();
        if (beyondHead <= tailLimit) {
            byte[] whole = Arrays.copyOf(first, first.length + last.length);
            System.arraycopy(last, 0, whole, first.length, last.length);
            return decode(whole, 0, whole.length);
        }
        int end = endOfWholeCharacter(first);
        int begin = startOfWholeCharacter(last);
        long cut = beyondHead - tailLimit + (first.length - end) + begin;
        return decode(first, 0, end) + "\n[... " + cut + " bytes cut here ...]\n" + decode(last, begin, last.length);
    }

    private byte[] inOrder() {
        int kept = (int) Math.min(beyondHead, tailLimit);
        if (beyondHead <= tailLimit) {
            return Arrays.copyOf(tail, kept);
        }
        int oldest = (int) (beyondHead % tailLimit);
        byte[] ordered = new byte[kept];
        System.arraycopy(tail, oldest, ordered, 0, tailLimit - oldest);
        System.arraycopy(tail, 0, ordered, tailLimit - oldest, oldest);
        return ordered;
    }

    /** Where the last character that is complete ends, so that a cut never leaves half of one. */
    private static int endOfWholeCharacter(byte[] bytes) {
        int at = bytes.length - 1;
        while (at >= 0 && bytes.length - at < 4 && isContinuation(bytes[at])) {
            at--;
        }
        if (at < 0) {
            return bytes.length;
        }
        int lead = bytes[at] & 0xff;
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
        return bytes.length - at < length ? at : bytes.length;
    }

    private static int startOfWholeCharacter(byte[] bytes) {
        int at = 0;
        while (at < Math.min(3, bytes.length) && isContinuation(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isContinuation(byte value) {
        return (value & 0xc0) == 0x80;
    }

    private static String decode(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
