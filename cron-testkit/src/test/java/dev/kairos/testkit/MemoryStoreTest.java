package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.memory.MemoryStore;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    private static final AtomicInteger STORES = new AtomicInteger();

    private static JobStore fresh() {
        return new MemoryStore("store-" + STORES.incrementAndGet());
    }

    @Nested
    class ItsJobs extends JobsContract {
        @Override
        protected JobStore open() {
            return fresh();
        }
    }

    @Nested
    class ItsClaims extends ClaimsContract {
        @Override
        protected JobStore open() {
            return fresh();
        }
    }

    @Nested
    class ItsLedger extends LedgerContract {
        @Override
        protected JobStore open() {
            return fresh();
        }
    }

    @Nested
    class ItsOutbox extends OutboxContract {
        @Override
        protected JobStore open() {
            return fresh();
        }
    }

    @Nested
    class ItsNodes extends NodesContract {
        @Override
        protected boolean keepsNotes() {
            return false;
        }

        @Override
        protected JobStore open() {
            return fresh();
        }
    }

    @Test
    void aFactoryForMemoryUrlsIsFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(JobStoreFactory.class)).anyMatch(factory -> factory.accepts("memory:"));
    }

    @Test
    void aClosedStoreSaysSo() {
        JobStore store = fresh();
        store.close();
        store.close();

        assertThatThrownBy(() -> store.jobs().list())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }
}
