package dev.kairos.provider.chronos;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of refused calls once a minute how many there were and why the last one was: the caller is told nothing. */
final class RefusedCalls {
    private static final Logger LOG = LoggerFactory.getLogger("cron.chronos");
    private static final Duration GAP = Duration.ofMinutes(1);

    private final Environment environment;
    private @Nullable Duration saidAt;
    private long unsaid;

    RefusedCalls(Environment environment) {
        this.environment = environment;
    }

    synchronized void add(String reason, String from) {
        unsaid++;
        Duration uptime = environment.uptime();
        Duration last = saidAt;
        if (last == null || uptime.minus(last).compareTo(GAP) >= 0) {
            LOG.warn("cron.chronos refused-calls={} from={} reason=\"{}\"", unsaid, from, reason);
            saidAt = uptime;
            unsaid = 0;
        }
    }
}
