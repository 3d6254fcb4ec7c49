package dev.kairos.provider.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A database that is not there, goes away, comes back. */
class LostDatabaseTest {
    private static final String SECRET = "hunter2-secret";
    /** What a busy machine may take; nothing here waits for it to pass. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private static void arm(Node node, String jobId, Duration in) {
        node.host().arm(jobId, Instant.now().plus(in));
    }

    @Test
    void withoutADatabaseTheStartSaysSoInPlainWordsAndWithoutThePassword() {
        Map<String, String> settings = new HashMap<>(Node.settingsOf("jdbc:postgresql://localhost:1/jobs"));
        settings.put("password", SECRET);
        try (Node node = Node.with(settings)) {
            assertThat(node.provider().isAvailable()).as("asks no database").isTrue();
            assertThatThrownBy(node::start)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageContaining("jdbc:postgresql://localhost:1/jobs")
                    .hasMessageContaining("check that the server runs")
                    .hasStackTraceContaining("refused")
                    .satisfies(thrown -> assertThat(thrown).hasMessageNotContaining(SECRET));
        }
    }

    @Test
    void aDatabaseOrSchemaThatDoesNotExistIsSaid() {
        String url = Postgres.freshUrl();
        try (Node node = Node.at(url.replace("/postgres?", "/nowhere?"))) {
            assertThatThrownBy(node::start).hasMessageContaining("no such database");
        }
        try (Node node = Node.at(url.replaceFirst("currentSchema=.*", "currentSchema=nowhere"))) {
            assertThatThrownBy(node::start)
                    .hasMessageContaining("tables cannot be made")
                    .hasMessageContaining("currentSchema");
        }
    }

    @Test
    void aLostDatabaseIsSaidAndWhenItIsBackEverythingIsArmedAndFires() throws Exception {
        String url = Postgres.freshUrl();
        try (Relay relay = new Relay(Postgres.port());
                Node node = Node.at(Postgres.through(relay.port(), url))) {
            arm(node, "before", Duration.ofMillis(200));
            node.start();
            await().atMost(LONG).until(() -> node.hasFired("before"));
            assertThat(node.provider().health()).isEqualTo(ProviderHealth.healthy());

            relay.cut();
            arm(node, "meanwhile", Duration.ofMillis(200));
            node.provider().onJobsChanged(JobChanges.of(Set.of("meanwhile")));
            await().atMost(LONG).until(() -> node.provider().health().state() == ProviderHealth.State.FAILING);
            assertThat(node.provider().health().detail()).contains("cannot be reached", "check that the server runs");
            assertThat(node.hasFired("meanwhile")).isFalse();

            relay.mend();
            await().atMost(LONG).until(() -> node.hasFired("meanwhile"));
            await().atMost(LONG).until(() -> node.provider().health().equals(ProviderHealth.healthy()));
        }
    }
}
