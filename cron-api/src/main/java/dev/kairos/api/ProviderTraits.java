package dev.kairos.api;

import java.time.Duration;
import java.util.Objects;

/**
 * A provider's manners, as far as the host must know them.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param startBlocks whether {@code start} returns only at the stop
 * @param latency how late its triggers may normally come
 * @param outlivesProcess whether what it armed fires while no process of ours lives
 */
public record ProviderTraits(boolean startBlocks, Duration latency, boolean outlivesProcess) {
    /** Arms and returns, comes within 30 s, dies with the process. */
    public static final ProviderTraits DEFAULT = new ProviderTraits(false, Duration.ofSeconds(30), false);

    public ProviderTraits {
        Objects.requireNonNull(latency);
    }
}
