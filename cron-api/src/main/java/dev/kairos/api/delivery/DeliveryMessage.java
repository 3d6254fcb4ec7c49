package dev.kairos.api.delivery;

import java.util.Objects;
import java.util.Optional;

/**
 * One message for one target.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param address the part of the target after the platform's name
 * @param text what is to be read, already wrapped and redacted
 * @param idempotencyKey the same for each attempt of the same part
 * @param jobName the job's name
 * @param attachment the file that this message is, if it is one; the text is then the file's name. Only for a channel that
 *     {@link DeliveryChannel#takesFiles takes files}
 */
public record DeliveryMessage(
        String address, String text, String idempotencyKey, String jobName, Optional<Attachment> attachment) {
    public DeliveryMessage {
        Objects.requireNonNull(address);
        Objects.requireNonNull(text);
        Objects.requireNonNull(idempotencyKey);
        Objects.requireNonNull(jobName);
        Objects.requireNonNull(attachment);
    }

    /** A message of words alone. */
    public DeliveryMessage(String address, String text, String idempotencyKey, String jobName) {
        this(address, text, idempotencyKey, jobName, Optional.empty());
    }
}
