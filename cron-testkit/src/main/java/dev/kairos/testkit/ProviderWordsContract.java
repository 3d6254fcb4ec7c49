package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.ProviderHealth;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a provider says of itself: name, manners, health, capabilities. */
abstract class ProviderWordsContract extends ProviderContract {
    /** What no provider was ever asked for. */
    private interface Unheard {}

    @Test
    final void itsNameIsLegalAndNeedsNoHost() {
        CronScheduler unbound = create();
        assertThat(unbound.name()).matches("[a-z0-9][a-z0-9-]{0,63}").isEqualTo(unbound.name());
        assertThat(create().name()).isEqualTo(unbound.name());
    }

    @Test
    final void constructingItHasNoEffect() throws InterruptedException {
        assertThat(create().name()).isNotEmpty();
        assertNoThreadIsLeft();
        assertThat(host().calls()).isEmpty();
    }

    @Test
    final void itIsAvailableInThisTest() throws InterruptedException {
        assertThat(within(quick(), "isAvailable", provider()::isAvailable)).isTrue();
    }

    @Test
    final void itsTraitsAreTheSameForAWholeLife() throws InterruptedException {
        String unbound = within(quick(), "traits", () -> String.valueOf(create().traits()));
        assertThat(provider().traits()).hasToString(unbound);
        run().start();
        run().awaitArmed(armBound());
        assertThat(within(quick(), "traits", provider()::traits))
                .as("while started")
                .hasToString(unbound);
        run().stop(stopBound());
        assertThat(provider().traits()).as("after the stop").hasToString(unbound);
        assertThat(provider().traits().latency()).isLessThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    final void itOffersNothingForWhatItDoesNotKnow() throws InterruptedException {
        assertThat(within(quick(), "capability", () -> provider().capability(Unheard.class)))
                .isEmpty();
        assertThat(within(quick(), "capability", () -> provider().capability(Runnable.class)))
                .isEmpty();
        within(quick(), "capability", () -> provider().capability(InboundEndpoint.class))
                .ifPresent(endpoint -> {
                    assertThat(endpoint.path()).startsWith("/api/").doesNotContain("{", "?", "*", " ");
                    assertThat(endpoint.largestBody()).isBetween(1, 1024 * 1024);
                });
    }

    @Test
    final void itSaysHowItIsAtAnyTime() throws InterruptedException {
        assertThat(within(quick(), "health", provider()::health))
                .as("before the start")
                .isNotNull();
        run().start();
        run().awaitArmed(armBound());
        assertATriggerComes("healthy");
        ProviderHealth health = within(quick(), "health", provider()::health);
        assertThat(health.state()).as(health.toString()).isNotEqualTo(ProviderHealth.State.FAILING);
        run().stop(stopBound());
        within(quick(), "health", provider()::health);
    }
}
