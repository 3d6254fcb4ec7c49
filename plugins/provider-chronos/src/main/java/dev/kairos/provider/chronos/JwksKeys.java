package dev.kairos.provider.chronos;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that the portal publishes. They are read when first needed, again after an hour, and again for a token that no
 * known key fits, at most once a minute. Whoever needs them while they are read waits for that one reading; of many, the
 * later ones do without, so that a flood of false tokens holds no more threads than that, and few while rightful tokens
 * need no reading. Thread-safe.
 */
final class JwksKeys implements FireKeys {
    private static final Logger LOG = LoggerFactory.getLogger("cron.chronos");
    private static final Duration LEAST_GAP = Duration.ofMinutes(1);
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration STALE = Duration.ofHours(24);
    private static final int LONGEST_DOCUMENT = 256 * 1024;
    private static final int MOST_WAITING = 16;
    /** Where keys are known already, a token that none of them fits is most likely false. */
    private static final int MOST_DOUBTFUL = 2;

    private final URI address;
    private final Environment environment;
    private final Duration bound;
    private final Object lock = new Object();
    private List<FireKey> keys = List.of();
    private @Nullable Duration readAt;
    private @Nullable Duration triedAt;
    private @Nullable Task reading;
    private int waiting;

    JwksKeys(URI address, Environment environment, Duration bound) {
        this.address = address;
        this.environment = environment;
        this.bound = bound;
    }

    @Override
    public List<FireKey> known() throws InterruptedException {
        synchronized (lock) {
            if (isYounger(FRESH)) {
                return keys;
            }
        }
        return renewed();
    }

    @Override
    public List<FireKey> renewed() throws InterruptedException {
        Optional<Task> read = joined();
        if (read.isPresent()) {
            try {
                read.get().join(bound.plusSeconds(1));
            } finally {
                synchronized (lock) {
                    waiting--;
                }
            }
        }
        synchronized (lock) {
            return isYounger(STALE) ? keys : List.of();
        }
    }

    /** The reading to wait for; empty where none may be begun, or enough wait for it. */
    private Optional<Task> joined() {
        synchronized (lock) {
            Task current = reading;
            if (current == null) {
                Duration uptime = environment.uptime();
                if (triedAt != null && uptime.minus(triedAt).compareTo(LEAST_GAP) < 0) {
                    return Optional.empty();
                }
                triedAt = uptime;
                current = environment.start("cron-chronos-keys", this::read);
                reading = current;
            }
            if (waiting >= (isYounger(FRESH) ? MOST_DOUBTFUL : MOST_WAITING)) {
                return Optional.empty();
            }
            waiting++;
            return Optional.of(current);
        }
    }

    private void read() {
        try (Web web = new Web(environment, bound)) {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(bound)
                    .header("Accept", "application/json")
                    .build();
            Web.Reply reply = web.ask(request, LONGEST_DOCUMENT);
            List<FireKey> found = reply.isOk() ? KeySet.read(reply.body()) : List.of();
            if (found.isEmpty()) {
                warn(reply.isOk() ? "it holds no key that can be used" : "it answered " + reply.status());
            } else {
                synchronized (lock) {
                    keys = found;
                    readAt = environment.uptime();
                }
            }
        } catch (WebTrouble e) {
            warn("it " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (lock) {
                reading = null;
            }
        }
    }

    private void warn(String why) {
        LOG.warn(
                "cron.chronos keys-not-read host={} reason=\"{}\" check cron.chronos.jwks_url; tokens are refused until it"
                        + " can be read",
                address.getHost(),
                why);
    }

    private boolean isYounger(Duration age) {
        Duration at = readAt;
        return at != null && environment.uptime().minus(at).compareTo(age) < 0;
    }
}
