package dev.kairos.provider.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.JobChanges;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A host whose clock is not this machine's, as a database's is that is hours off, and which is set while it runs. */
class HostClockTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SetClock time = new SetClock(Duration.ofHours(-3));

    /** Whenever somebody looks, the machine has slept for an hour. */
    private static final class Sleepy extends SetClock {
        private final AtomicInteger looks = new AtomicInteger();

        Sleepy() {
            super(Duration.ZERO);
        }

        @Override
        public Duration uptime() {
            return super.uptime().plus(Duration.ofHours(looks.incrementAndGet()));
        }
    }

    private Node node(SetClock clock, Map<String, String> settings) {
        RecordingCronContext host = new RecordingCronContext(clock, Duration.ofSeconds(60), MapSettings.of(settings));
        QuartzProvider provider = new QuartzProvider();
        provider.bind(host);
        return new Node(provider, host);
    }

    @Test
    void triggersFromMemoryComeByTheHostsClockAlsoAfterItWasSet() throws Exception {
        comeByTheHostsClock(Map.of());
    }

    @Test
    void triggersFromADatabaseComeByTheHostsClockAlsoAfterItWasSet() throws Exception {
        comeByTheHostsClock(Node.settingsOf(Postgres.freshUrl()));
    }

    @Test
    void aMachineThatSleptWhileTriggersWereComparedArmsTheNextOnesSoon() throws Exception {
        SetClock sleepy = new Sleepy();
        try (Node node = node(sleepy, Map.of())) {
            node.start();
            for (String job : List.of("one", "two", "three")) {
                node.host().arm(job, sleepy.now());
                node.provider().onJobsChanged(JobChanges.of(Set.of(job)));
                await().atMost(SOON).until(() -> node.hasFired(job));
            }
        }
    }

    private void comeByTheHostsClock(Map<String, String> settings) throws Exception {
        try (Node node = node(time, settings)) {
            Instant later = time.now().plus(Duration.ofHours(5));
            node.host().arm("soon", time.now().plusMillis(300));
            node.host().arm("later", later);
            node.start();
            await().atMost(SOON).until(() -> node.hasFired("soon"));
            assertThat(node.hasFired("later")).isFalse();
            assertThat(node.provider()
                            .capability(ArmedTriggers.class)
                            .orElseThrow()
                            .armed())
                    .containsEntry("later", later);

            time.set(later.minusMillis(500));
            await().atMost(SOON).until(() -> node.hasFired("later"));
            assertThat(node.host().calls())
                    .filteredOn(call -> call.fired().contains("later"))
                    .singleElement()
                    .satisfies(call -> assertThat(call.at()).isAfterOrEqualTo(later.minus(QuartzClock.TOLERATED)));
        }
    }
}
