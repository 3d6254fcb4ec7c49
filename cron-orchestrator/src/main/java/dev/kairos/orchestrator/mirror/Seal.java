package dev.kairos.orchestrator.mirror;

import dev.kairos.orchestrator.jobs.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last key of a file that Kairos wrote: a checksum of all before it. While it fits, nobody touched the file, so that a
 * command need not read the jobs in it to know that it has nothing to take from it.
 *
 * @param storeId the store it was written from
 * @param revision the revision it was written at
 */
record Seal(String storeId, long revision) {
    static final String KEY = "checksum";

    private static final String END = "\n}\n";
    private static final String BEFORE = ",\n  \"" + KEY + "\" : \"";
    private static final String AFTER = "\"" + END;
    private static final int HEX = 64;
    private static final int HEAD_IS_WITHIN = 512;
    private static final Pattern HEAD = Pattern.compile(
            "\"store_id\" : \"([^\"]+)\",\n  \"revision\" : (\\d{1,18}),\n  \"updated_at\" : \"[^\"]*\"$");

    /** The file with its checksum. */
    static byte[] put(byte[] file) {
        byte[] body = Arrays.copyOf(file, file.length - END.length());
        byte[] tail = (BEFORE + Digests.of(body) + AFTER).getBytes(StandardCharsets.US_ASCII);
        byte[] sealed = Arrays.copyOf(body, body.length + tail.length);
        System.arraycopy(tail, 0, sealed, body.length, tail.length);
        return sealed;
    }

    /** What the head of an untouched file says; empty when it was touched, or Kairos did not write it. */
    static Optional<Seal> of(byte[] file) {
        int bodyLength = file.length - BEFORE.length() - HEX - AFTER.length();
        if (bodyLength <= 0) {
            return Optional.empty();
        }
        String tail = new String(file, bodyLength, file.length - bodyLength, StandardCharsets.ISO_8859_1);
        byte[] body = Arrays.copyOf(file, bodyLength);
        if (!tail.equals(BEFORE + Digests.of(body) + AFTER)) {
            return Optional.empty();
        }
        int from = Math.max(0, bodyLength - HEAD_IS_WITHIN);
        Matcher head = HEAD.matcher(new String(body, from, bodyLength - from, StandardCharsets.UTF_8));
        return head.find() ? Optional.of(new Seal(head.group(1), Long.parseLong(head.group(2)))) : Optional.empty();
    }
}
