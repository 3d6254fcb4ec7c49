package dev.kairos.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.CronRuntime;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class HeartbeatTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void itBeatsThreeTimesARunAndASecondRunAddsNoJob() throws InterruptedException {
        String home = folder.resolve("home").toString();
        Heartbeat.main(new String[] {home});
        Heartbeat.main(new String[] {home});
        try (var kairos = CronRuntime.builder().home(Path.of(home)).build()) {
            assertThat(kairos.jobs().list())
                    .singleElement()
                    .satisfies(job -> assertThat(kairos.store().ledger().list(ExecutionQuery.ofJob(job.id(), 100)))
                            .filteredOn(row -> row.status() == ExecutionStatus.OK)
                            .hasSizeGreaterThanOrEqualTo(6)
                            .extracting(row -> row.scheduledAt())
                            .doesNotHaveDuplicates());
        }
    }
}
