package dev.kairos.provider.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A machine that gives no more threads. */
class FireThreadsTest {
    private final AtomicInteger refusals = new AtomicInteger();
    private final FireThreads threads = new FireThreads(new Meagre(), 2);
    private final AtomicInteger fired = new AtomicInteger();

    private final class Meagre extends SetClock {
        Meagre() {
            super(Duration.ZERO);
        }

        @Override
        public Task start(String name, Runnable body) {
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return super.start(name, body);
        }
    }

    @Test
    void aTriggerForWhichNoThreadCanBeHadFiresAllTheSameAndKeepsNoPlace() {
        refusals.set(5);
        for (int i = 0; i < 5; i++) {
            assertThat(threads.runInThread(fired::incrementAndGet)).isTrue();
        }
        assertThat(fired).hasValue(5);
        assertThat(threads.blockForAvailableThreads()).isEqualTo(2);

        threads.runInThread(fired::incrementAndGet);
        await().untilAsserted(() -> assertThat(fired).hasValue(6));
        threads.shutdown(true);
    }

    @Test
    void aTriggerThatThrowsWhereNoThreadCanBeHadKeepsNoPlaceEither() {
        refusals.set(1);
        try {
            threads.runInThread(() -> {
                throw new IllegalStateException("broken");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("broken");
        }
        assertThat(threads.blockForAvailableThreads()).isEqualTo(2);
    }
}
