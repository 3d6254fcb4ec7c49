package dev.kairos.builtin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SystemEnvironmentTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final SystemEnvironment machine = new SystemEnvironment();

    @Test
    void theWallClockIsCutToMilliseconds() {
        for (int i = 0; i < 100; i++) {
            Instant now = machine.now();
            assertThat(now.getNano() % 1_000_000).isZero();
        }
        Duration first = machine.uptime();
        assertThat(first).isPositive();
        assertThat(machine.uptime()).isGreaterThanOrEqualTo(first);
    }

    @Test
    void chanceDoesNotRepeat() {
        Set<Long> drawn = new HashSet<>();
        SystemEnvironment other = new SystemEnvironment();
        for (int i = 0; i < 1_000; i++) {
            drawn.add(machine.random().nextLong());
            drawn.add(other.random().nextLong());
        }
        assertThat(drawn).hasSize(2_000);
    }

    @Test
    void aRaiseIsRememberedAndConsumedOnce() throws InterruptedException {
        Signal signal = machine.newSignal();
        assertThat(signal.await(Duration.ofSeconds(-1))).isFalse();
        signal.raise();
        signal.raise();
        assertThat(signal.await(Duration.ZERO)).isTrue();
        assertThat(signal.await(Duration.ofMillis(1))).isFalse();
        machine.start("raiser", signal::raise);
        assertThat(signal.await(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }

    @Test
    void aBodyRunsOnADaemonThreadOfItsName() throws InterruptedException {
        AtomicReference<String> seen = new AtomicReference<>("");
        Task task = machine.start(
                "kairos-ticker",
                () -> seen.set(Thread.currentThread().getName() + " "
                        + Thread.currentThread().isDaemon()));
        assertThat(task.join(LONG)).isTrue();
        assertThat(task.isDone()).isTrue();
        assertThat(seen).hasValue("kairos-ticker true");
    }

    @Test
    void whatLeavesABodyIsLoggedWithItsName() throws InterruptedException {
        Logger logger = (Logger) LoggerFactory.getLogger("cron.threads");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        logger.setAdditive(false);
        try {
            Task task = machine.start("doomed", () -> {
                throw new NoClassDefFoundError("gone");
            });
            assertThat(task.join(LONG)).isTrue();
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(logged);
        }
        assertThat(logged.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains("thread=doomed");
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("gone");
        });
    }

    @Test
    void anInterruptReachesTheBodyAndNobodyAfterIt() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            Signal never = machine.newSignal();
            AtomicReference<String> seen = new AtomicReference<>("");
            Task task = machine.start("held", () -> {
                try {
                    never.await(LONG);
                } catch (InterruptedException e) {
                    seen.set("interrupted");
                }
            });
            task.interrupt();
            assertThat(task.join(LONG)).isTrue();
            assertThat(seen).hasValue("interrupted");
            task.interrupt();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            assertThat(machine.start(
                                    "next",
                                    () -> flag.set(Thread.currentThread().isInterrupted()))
                            .join(LONG))
                    .isTrue();
            assertThat(flag).hasValue(false);
        }
    }

    @Test
    void aForeignContextLoaderIsNotInherited() throws Exception {
        AtomicReference<ClassLoader> seen = new AtomicReference<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader foreign = new URLClassLoader(new URL[0], before)) {
            Thread.currentThread().setContextClassLoader(foreign);
            Runnable body = () -> {
                seen.set(Thread.currentThread().getContextClassLoader());
                Thread.currentThread().setContextClassLoader(foreign);
            };
            for (int i = 0; i < 3; i++) {
                assertThat(machine.start("body", body).join(LONG)).isTrue();
                assertThat(seen.get()).isSameAs(SystemEnvironment.class.getClassLoader());
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void idleThreadsEnd() throws InterruptedException {
        AtomicReference<Thread> used = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        machine.start("short", () -> {
            used.set(Thread.currentThread());
            ran.countDown();
        });
        ran.await();
        await().atMost(LONG).until(() -> !used.get().isAlive());
    }
}
