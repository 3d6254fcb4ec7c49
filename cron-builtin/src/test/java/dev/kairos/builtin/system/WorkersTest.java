package dev.kairos.builtin.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int MANY = 5_000;

    private final Workers workers = new Workers("test-idle");

    @Test
    void nobodyWaitsBehindALongOne() throws InterruptedException {
        int count = 300;
        CountDownLatch allBegan = new CountDownLatch(count);
        CountDownLatch mayEnd = new CountDownLatch(1);
        for (int i = 0; i < count; i++) {
            workers.execute(() -> {
                allBegan.countDown();
                awaitLong(mayEnd);
            });
        }
        assertThat(allBegan.await(60, TimeUnit.SECONDS))
                .as("all began although none ends")
                .isTrue();
        mayEnd.countDown();
    }

    @Test
    void eachOfManyShortOnesRunsOnceOnFewThreads() throws InterruptedException {
        Set<Integer> ran = ConcurrentHashMap.newKeySet();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch allRan = new CountDownLatch(MANY);
        CountDownLatch gate = new CountDownLatch(1);
        workers.execute(() -> awaitLong(gate)); // so that what follows piles up behind a thread that is busy
        for (int i = 0; i < MANY; i++) {
            int number = i;
            workers.execute(() -> {
                assertThat(ran.add(number)).isTrue();
                threads.add(Thread.currentThread());
                allRan.countDown();
            });
        }
        assertThat(allRan.await(60, TimeUnit.SECONDS)).isTrue();
        gate.countDown();
        assertThat(ran).hasSize(MANY);
        assertThat(threads).as("threads").hasSizeLessThan(MANY / 10);
    }

    @Test
    void aBodyThatLeavesItsThreadInterruptedKeepsNobody() throws InterruptedException {
        CountDownLatch others = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            workers.execute(others::countDown);
            workers.execute(() -> Thread.currentThread().interrupt());
        }
        assertThat(others.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitLong(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
