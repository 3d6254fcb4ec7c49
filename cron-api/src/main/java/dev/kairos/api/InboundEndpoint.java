package dev.kairos.api;

import java.util.Objects;
import java.util.Optional;

/**
 * Where an outside scheduler calls in. A provider offers it as a {@link CronScheduler#capability}; the host's HTTP server
 * mounts it, since a provider opens no port. The host lets every caller through to it, so the endpoint itself tells a
 * rightful call from a forged one.
 *
 * <p>Called on threads of the host's server, several at a time; a call is bounded by the host in size and time.
 *
 * <p>Status: experimental since 0.1.
 */
public interface InboundEndpoint {
    /** The path that is mounted, for example {@code /api/cron/fire}; begins with {@code /api/}, no parameters. */
    String path();

    /** The largest body that is handed over, in bytes, at most 1 MiB; the host answers 413 to a larger one. */
    default int largestBody() {
        return 64 * 1024;
    }

    /**
     * Answers a {@code POST}. Anything it throws is answered with 500 and no detail.
     *
     * @throws InterruptedException if the host's bound for a request has passed or the server stops
     */
    Answer answer(Call call) throws InterruptedException;

    /** One request. Valid only while it is being answered. */
    interface Call {
        /** The first header of the name, whatever its case. */
        Optional<String> header(String name);

        /** The whole body, at most {@link InboundEndpoint#largestBody} bytes. */
        byte[] body();

        /** Where it came from, for the log: an address without a port. */
        String from();
    }

    /**
     * What the caller is told.
     *
     * @param status an HTTP status, 200 to 599
     * @param json the body as JSON text; empty for none
     */
    record Answer(int status, String json) {
        public Answer {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("an HTTP status is 200 to 599, not " + status);
            }
            Objects.requireNonNull(json);
        }
    }
}
