package dev.kairos.testkit;

import dev.kairos.api.store.JobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link JobStore} must do, split by face: {@link JobsContract}, {@link ClaimsContract}, {@link
 * LedgerContract}, {@link OutboxContract}, {@link NodesContract}. A store's test extends each of them (nested classes do
 * well) and adds one factory method.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class JobStoreContract {
    private final List<JobStore> opened = new ArrayList<>();
    private JobStore present;

    /** Creates the test of one store. */
    @SuppressWarnings("NullAway") // JUnit calls begin() before each test
    protected JobStoreContract() {}

    /** Opens a fresh, empty store. */
    protected abstract JobStore open() throws Exception;

    /**
     * Opens what another process would open beside {@code first}: the same data through an object of its own. A store
     * that lives in one object answers that object.
     */
    protected JobStore openBeside(JobStore first) throws Exception {
        return first;
    }

    @BeforeEach
    void begin() throws Exception {
        present = open();
        opened.add(present);
    }

    @AfterEach
    void end() {
        opened.forEach(JobStore::close);
    }

    /** The store of the running test. */
    protected final JobStore store() {
        return present;
    }

    final JobStore beside() {
        try {
            JobStore second = openBeside(present);
            opened.add(second);
            return second;
        } catch (Exception e) {
            throw new AssertionError("the store could not be opened beside itself", e);
        }
    }

    /** Runs the bodies at once, each on a thread of its own, and gives back what they answered. */
    static <T> List<T> together(List<Callable<T>> bodies) {
        ExecutorService threads = Executors.newFixedThreadPool(bodies.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> body : bodies) {
                futures.add(threads.submit(body));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> future : futures) {
                answers.add(future.get(60, TimeUnit.SECONDS));
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the threads ran", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a thread failed or did not end", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
