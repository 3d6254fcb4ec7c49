package dev.kairos.api.store;

import java.util.Objects;

/**
 * A file that an execution named to be delivered, as a store keeps it for nodes on other machines. Immutable, as long as
 * nobody changes its bytes.
 *
 * <p>Status: experimental since 0.1.
 */
public final class KeptFile {
    private final String executionId;
    private final String path;
    private final byte[] bytes;

    private KeptFile(String executionId, String path, byte[] bytes) {
        this.executionId = Objects.requireNonNull(executionId);
        this.path = Objects.requireNonNull(path);
        this.bytes = Objects.requireNonNull(bytes);
    }

    /**
     * A file.
     *
     * @param executionId whose it is
     * @param path where it was on its machine, as the execution's output names it
     * @param bytes all of it; not copied, and not to be changed any more
     */
    public static KeptFile of(String executionId, String path, byte[] bytes) {
        return new KeptFile(executionId, path, bytes);
    }

    /** The execution that named it. */
    public String executionId() {
        return executionId;
    }

    /** Where it was on its machine. */
    public String path() {
        return path;
    }

    /** All of it; not a copy, so nobody changes it. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "KeptFile[" + executionId + ", " + bytes.length + " bytes]";
    }
}
