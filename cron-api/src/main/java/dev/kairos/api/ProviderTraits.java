package dev.kairos.api;

import java.time.Duration;
import java.util.Objects;

/**
 * A provider's manners, as far as the host must know them. A provider begins with {@link #DEFAULT} and says what is
 * different; more may be asked later. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class ProviderTraits {
    /** Arms and returns, comes within 30 s, dies with the process. */
    public static final ProviderTraits DEFAULT = new ProviderTraits(false, Duration.ofSeconds(30), false);

    private final boolean startBlocks;
    private final Duration latency;
    private final boolean outlivesProcess;

    private ProviderTraits(boolean startBlocks, Duration latency, boolean outlivesProcess) {
        this.startBlocks = startBlocks;
        this.latency = latency;
        this.outlivesProcess = outlivesProcess;
    }

    /** The same, with a {@code start} that returns only at the stop. */
    public ProviderTraits blocking() {
        return new ProviderTraits(true, latency, outlivesProcess);
    }

    /**
     * The same, with triggers that may normally come so late.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ProviderTraits within(Duration late) {
        Objects.requireNonNull(late);
        if (late.isNegative()) {
            throw new IllegalArgumentException("a latency cannot be negative: " + late);
        }
        return new ProviderTraits(startBlocks, late, outlivesProcess);
    }

    /** The same, where what it armed fires while no process of ours lives. */
    public ProviderTraits outlivingTheProcess() {
        return new ProviderTraits(startBlocks, latency, true);
    }

    /** Whether {@code start} returns only at the stop. */
    public boolean startBlocks() {
        return startBlocks;
    }

    /** How late its triggers may normally come. */
    public Duration latency() {
        return latency;
    }

    /** Whether what it armed fires while no process of ours lives. */
    public boolean outlivesProcess() {
        return outlivesProcess;
    }

    @Override
    public String toString() {
        return "ProviderTraits[startBlocks=" + startBlocks + ", latency=" + latency + ", outlivesProcess="
                + outlivesProcess + "]";
    }
}
