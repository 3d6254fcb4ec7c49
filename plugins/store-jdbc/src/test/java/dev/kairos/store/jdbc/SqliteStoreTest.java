package dev.kairos.store.jdbc;

import dev.kairos.api.store.JobStore;
import dev.kairos.testkit.ClaimsContract;
import dev.kairos.testkit.JobsContract;
import dev.kairos.testkit.LedgerContract;
import dev.kairos.testkit.NodesContract;
import dev.kairos.testkit.OutboxContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** SQLite passes the one contract, alone and with a second store on the same file. */
class SqliteStoreTest {
    @TempDir
    static Path folder;

    @Nested
    class ItsJobs extends JobsContract {
        @Override
        protected JobStore open() {
            return Stores.fresh(folder);
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Stores.beside(first);
        }
    }

    @Nested
    class ItsClaims extends ClaimsContract {
        @Override
        protected JobStore open() {
            return Stores.fresh(folder);
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Stores.beside(first);
        }
    }

    @Nested
    class ItsLedger extends LedgerContract {
        @Override
        protected boolean keepsWhatItIsHanded() {
            return true;
        }

        @Override
        protected JobStore open() {
            return Stores.fresh(folder);
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Stores.beside(first);
        }
    }

    @Nested
    class ItsOutbox extends OutboxContract {
        @Override
        protected JobStore open() {
            return Stores.fresh(folder);
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Stores.beside(first);
        }
    }

    @Nested
    class ItsNodes extends NodesContract {
        @Override
        protected JobStore open() {
            return Stores.fresh(folder);
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Stores.beside(first);
        }
    }
}
