package dev.kairos.store.jdbc;

import dev.kairos.api.store.JobStore;
import dev.kairos.testkit.ClaimsContract;
import dev.kairos.testkit.JobsContract;
import dev.kairos.testkit.LedgerContract;
import dev.kairos.testkit.NodesContract;
import dev.kairos.testkit.OutboxContract;
import org.junit.jupiter.api.Nested;

/** PostgreSQL passes the one contract, alone and with a second store on the same tables. */
class PostgresStoreTest {
    @Nested
    class ItsJobs extends JobsContract {
        @Override
        protected JobStore open() {
            return Postgres.fresh();
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Postgres.beside(first);
        }
    }

    @Nested
    class ItsClaims extends ClaimsContract {
        @Override
        protected JobStore open() {
            return Postgres.fresh();
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Postgres.beside(first);
        }
    }

    @Nested
    class ItsLedger extends LedgerContract {
        @Override
        protected JobStore open() {
            return Postgres.fresh();
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Postgres.beside(first);
        }
    }

    @Nested
    class ItsOutbox extends OutboxContract {
        @Override
        protected JobStore open() {
            return Postgres.fresh();
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Postgres.beside(first);
        }
    }

    @Nested
    class ItsNodes extends NodesContract {
        @Override
        protected JobStore open() {
            return Postgres.fresh();
        }

        @Override
        protected JobStore openBeside(JobStore first) {
            return Postgres.beside(first);
        }
    }
}
