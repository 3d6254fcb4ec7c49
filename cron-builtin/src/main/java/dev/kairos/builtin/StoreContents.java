package dev.kairos.builtin;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Usage;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How much a store holds, and a digest of all of it: two stores with equal contents hold the same jobs, executions,
 * deliveries and facts. Outputs and nodes do not count.
 *
 * <p>Status: internal.
 *
 * @param jobs how many jobs
 * @param executions how many rows the ledger has
 * @param deliveries how many envelopes, those that were delivered too
 * @param digest SHA-256 in hex digits
 */
public record StoreContents(long jobs, long executions, long deliveries, String digest) {
    /** Facts that begin with this are about a copy, not copied. */
    static final String COPY_FACTS = "copy:";

    private static final int PAGE = 500;

    /** Reads all of a store, at least once, in bounded memory where the store hands it over so. */
    public static StoreContents of(JobStore store) {
        Fingerprint print = new Fingerprint();
        long[] counts = new long[3];
        store.jobs().eachAsKept(job -> {
            print.add(
                    "job",
                    job.id(),
                    job.version(),
                    new TreeMap<>(job.definition().toMap()),
                    job.engine());
            counts[0]++;
        });
        executions(store, page -> {
            for (Execution row : page) {
                print.add(row);
                counts[1]++;
            }
        });
        store.outbox().each(envelope -> {
            print.add("envelope", envelope);
            counts[2]++;
        });
        facts(store).forEach((name, value) -> print.add("fact", name, value));
        return new StoreContents(counts[0], counts[1], counts[2], print.digest());
    }

    /** Hands over all executions, newest first, in pages. */
    static void executions(JobStore store, Consumer<List<Execution>> reader) {
        List<Execution> page = store.ledger().list(ExecutionQuery.newest(PAGE));
        while (!page.isEmpty()) {
            reader.accept(page);
            page = store.ledger().list(ExecutionQuery.newest(PAGE).after(page.get(page.size() - 1)));
        }
    }

    /** The facts that are a store's own. */
    static Map<String, String> facts(JobStore store) {
        Map<String, String> facts = new TreeMap<>(store.ledger().facts(""));
        facts.keySet().removeIf(name -> name.startsWith(COPY_FACTS));
        return facts;
    }

    /** A digest of texts that cannot run into each other. */
    private static final class Fingerprint {
        private final MessageDigest digest;

        Fingerprint() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java platform has SHA-256", impossible);
            }
        }

        void add(Object... values) {
            for (Object value : values) {
                byte[] bytes = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
        }

        void add(Execution row) {
            add("execution", row.id(), row.jobId(), row.trigger(), row.scheduledAt(), row.attempt(), row.failures());
            add(row.status(), row.dueAt(), row.node(), row.fence(), row.jobVersion(), row.claimedAt());
            add(row.startedAt(), row.finishedAt(), row.reason(), row.missed(), row.error(), row.failureKind());
            add(row.output(), row.source(), row.usage().map(Usage::text));
        }

        String digest() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
