package dev.kairos.api.delivery;

import java.util.Objects;

/**
 * One message for one target.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param address the part of the target after the platform's name
 * @param text what is to be read, already wrapped and redacted
 * @param idempotencyKey the same for each attempt of the same part
 * @param jobName the job's name
 */
public record DeliveryMessage(String address, String text, String idempotencyKey, String jobName) {
    public DeliveryMessage {
        Objects.requireNonNull(address);
        Objects.requireNonNull(text);
        Objects.requireNonNull(idempotencyKey);
        Objects.requireNonNull(jobName);
    }
}
