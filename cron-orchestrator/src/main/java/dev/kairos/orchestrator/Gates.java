package dev.kairos.orchestrator;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.Backend;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.JobRules;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.plan.SignedOut;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model entries wait for somebody to sign in (behaviour.md §4). A lapsed session closes its entry's gate for that
 * credential, durably and for every node; another credential, or a person's word, opens it. The first good run after that
 * says that it recovered. Kept as facts of the store: {@code closed FINGERPRINT INSTANT}, then {@code opened INSTANT}.
 *
 * <p>Status: internal.
 */
public final class Gates {
    private static final Logger LOG = LoggerFactory.getLogger("cron.gate");
    private static final String KEY = "gate-key";
    private static final String PREFIX = "gate:";
    private static final String CLOSED = "closed";
    private static final String OPENED = "opened";
    private static final int KEY_BYTES = 32;

    private final JobStore store;
    private final Environment environment;
    /** What was read last: it holds while the store is silent. */
    private volatile Map<String, String> lastRead = Map.of();

    /** The gates of a store. */
    public Gates(JobStore store, Environment environment) {
        this.store = store;
        this.environment = environment;
    }

    /**
     * A gate that is closed.
     *
     * @param entry the model entry
     * @param since when its session lapsed
     */
    public record Closed(String entry, Instant since) {}

    /** The entries that wait for somebody to sign in. */
    public List<Closed> closed() {
        List<Closed> closed = new ArrayList<>();
        store.ledger().facts(PREFIX).forEach((name, value) -> {
            String[] words = value.split(" ");
            if (words[0].equals(CLOSED)) {
                String entry = URLDecoder.decode(name.substring(PREFIX.length()), StandardCharsets.UTF_8);
                closed.add(new Closed(entry, Instant.parse(words[2])));
            }
        });
        return closed;
    }

    /** Those of the backends whose gate is open; a changed credential opens a closed one. */
    List<Backend> open(List<Backend> backends) {
        if (backends.isEmpty()) {
            return backends;
        }
        Map<String, String> facts = read();
        List<Backend> open = new ArrayList<>();
        for (Backend backend : backends) {
            String fact = facts.getOrDefault(name(backend.entry()), "");
            if (!fact.startsWith(CLOSED)) {
                open.add(backend);
            } else if (!fact.split(" ")[1].equals(fingerprint(backend))) {
                open(backend.entry(), fact);
                open.add(backend);
            }
        }
        return open;
    }

    private Map<String, String> read() {
        try {
            lastRead = store.ledger().facts(PREFIX);
        } catch (StoreException e) {
            LOG.warn("cron.gate-unread kind={} what was read last holds: {}", e.kind(), e.getMessage());
        }
        return lastRead;
    }

    /** Closes the gate of a backend whose session lapsed. Answers whether this call closed it. */
    boolean close(Backend backend, Execution found) {
        String name = name(backend.entry());
        Instant begun = found.startedAt().orElse(found.scheduledAt());
        String closed = CLOSED + " " + fingerprint(backend) + " " + environment.now();
        while (true) {
            Optional<String> seen =
                    Optional.ofNullable(store.ledger().facts(name).get(name));
            boolean isClosedForIt = seen.filter(fact -> fact.startsWith(CLOSED + " " + fingerprint(backend) + " "))
                    .isPresent();
            boolean isSettledSince =
                    seen.map(Gates::changedAt).filter(begun::isBefore).isPresent();
            if (isClosedForIt || isSettledSince) { // what was found out is older than what somebody did about it
                return false;
            }
            if (store.ledger().keepFact(name, seen, Optional.of(closed))) {
                LOG.warn("cron.gate-closed model={} execution={}", backend.entry(), found.id());
                return true;
            }
        }
    }

    /** The last word of every fact is when it came to be. */
    private static Instant changedAt(String fact) {
        return Instant.parse(fact.substring(fact.lastIndexOf(' ') + 1));
    }

    /**
     * A person says that the session lives again: opens the gate, and lets the one-shots that waited for it run.
     *
     * @return whether it was closed
     */
    public boolean signedIn(String entry) {
        String name = name(entry);
        Optional<String> seen = Optional.ofNullable(store.ledger().facts(name).get(name));
        boolean wasClosed = seen.filter(fact -> fact.startsWith(CLOSED)).isPresent() && open(entry, seen.get());
        return release(entry) || wasClosed;
    }

    /**
     * Lets the jobs run that wait for an entry whose gate is open: left behind where the one who opened it died, or where
     * it was opened just before the job was paused.
     */
    void releaseLeft() {
        Map<String, String> facts = store.ledger().facts(PREFIX);
        facts.forEach((name, fact) -> {
            if (fact.startsWith(OPENED)) {
                release(URLDecoder.decode(name.substring(PREFIX.length()), StandardCharsets.UTF_8));
            }
        });
    }

    /** The same for the entry that one definition waits for, now that the definition is written. */
    void releaseIfOpen(JobDefinition paused) {
        SignedOut.entryOf(paused).ifPresent(entry -> {
            String name = name(entry);
            String fact = store.ledger().facts(name).getOrDefault(name, "");
            if (!fact.startsWith(CLOSED)) {
                release(entry);
            }
        });
    }

    private boolean open(String entry, String seen) {
        boolean isOurs =
                store.ledger().keepFact(name(entry), Optional.of(seen), Optional.of(OPENED + " " + environment.now()));
        if (isOurs) {
            LOG.info("cron.gate-opened model={}", entry);
            release(entry);
        }
        return isOurs;
    }

    /** Answers whether any job waited. One that cannot be resumed keeps no other from it. */
    private boolean release(String entry) {
        JobOperations operations = new JobOperations(store, environment, JobRules.of(Caller.operator()));
        AtomicBoolean isAny = new AtomicBoolean();
        store.jobs().each(job -> {
            if (SignedOut.holds(job, entry)) {
                isAny.set(true);
                resume(operations, job, entry);
            }
        });
        return isAny.get();
    }

    private static void resume(JobOperations operations, Job job, String entry) {
        try {
            operations.resume(job.id(), ResumeMode.CATCH_UP);
            LOG.info("cron.gate-released job={} model={}", job.id(), entry);
        } catch (StoreException | InvalidInputException e) {
            LOG.warn("cron.gate-unreleased job={} kairos signed-in {} tries again", job.id(), entry, e);
        }
    }

    /** Whether this is the first good run since the entry's gate was opened: true once. */
    boolean isFirstGood(String entry) {
        String name = name(entry);
        Ledger ledger = store.ledger();
        return Optional.ofNullable(ledger.facts(name).get(name))
                .filter(fact -> fact.startsWith(OPENED))
                .filter(fact -> ledger.keepFact(name, Optional.of(fact), Optional.empty()))
                .isPresent();
    }

    private static String name(String entry) {
        return PREFIX + URLEncoder.encode(entry, StandardCharsets.UTF_8);
    }

    private String fingerprint(Backend backend) {
        return backend.fingerprint(HexFormat.of().parseHex(key()));
    }

    /** Drawn once per store, so that a fingerprint tells nobody anything about the credential. */
    private String key() {
        while (true) {
            Optional<String> stored =
                    Optional.ofNullable(store.ledger().facts(KEY).get(KEY));
            if (stored.isPresent()) {
                return stored.get();
            }
            byte[] drawn = new byte[KEY_BYTES];
            environment.random().nextBytes(drawn);
            store.ledger()
                    .keepFact(KEY, Optional.empty(), Optional.of(HexFormat.of().formatHex(drawn)));
        }
    }
}
