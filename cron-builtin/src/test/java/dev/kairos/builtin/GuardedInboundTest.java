package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.InboundEndpoint.Answer;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.ManualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider's endpoint behind the guard: whatever it does, its caller is answered and nobody else notices. */
class GuardedInboundTest {
    private static final InboundEndpoint.Call CALL = new InboundEndpoint.Call() {
        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public byte[] body() {
            return new byte[0];
        }

        @Override
        public String from() {
            return "127.0.0.1";
        }
    };

    private final ManualEnvironment time = new ManualEnvironment(Instant.parse("2027-01-15T08:00:00Z"));
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private LogCapture log;

    @BeforeEach
    void listen() {
        log = LogCapture.of("cron.inbound");
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private interface Answering {
        Answer answer() throws InterruptedException;
    }

    private static CronScheduler offering(String path, int largest, Answering answering) {
        return new CronScheduler() {
            @Override
            public String name() {
                return "caller";
            }

            @Override
            public void start(StopSignal stop) {}

            @Override
            public <T> Optional<T> capability(Class<T> type) {
                return Optional.of(type.cast(new InboundEndpoint() {
                    @Override
                    public String path() {
                        return path;
                    }

                    @Override
                    public int largestBody() {
                        return largest;
                    }

                    @Override
                    public Answer answer(Call call) throws InterruptedException {
                        return answering.answer();
                    }
                }));
            }
        };
    }

    private Optional<InboundEndpoint> mounted(CronScheduler provider) {
        return GuardedInbound.of(provider, "caller", time);
    }

    private Task call(InboundEndpoint endpoint) {
        Task task = time.start("caller", () -> {
            try {
                answers.add(endpoint.answer(CALL));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        time.settle();
        return task;
    }

    @Test
    void whatItThrowsIsAnsweredWithoutDetailAndLoggedOnce() {
        InboundEndpoint endpoint = mounted(offering("/api/cron/fire", 100, () -> {
                    throw new LinkageError("swordfish");
                }))
                .orElseThrow();
        call(endpoint);
        call(endpoint);
        assertThat(answers).containsExactly(new Answer(500, ""), new Answer(500, ""));
        assertThat(log.stacks()).isEqualTo(1);
    }

    @Test
    void aCallThatHangsIsGivenUpAndSoManyOfThemAreLetInAtAll() {
        InboundEndpoint endpoint = mounted(offering("/api/cron/fire", 100, () -> {
                    while (true) { // and no interrupt ends it
                        try {
                            time.newSignal().await(Duration.ofDays(1));
                            return new Answer(202, "");
                        } catch (InterruptedException e) {
                            answers.size();
                        }
                    }
                }))
                .orElseThrow();
        List<Task> calls = new ArrayList<>();
        for (int i = 0; i < GuardedInbound.MOST; i++) {
            calls.add(call(endpoint));
        }
        assertThat(answers).isEmpty();
        call(endpoint);
        assertThat(answers).as("one too many").containsExactly(new Answer(503, ""));

        time.advance(GuardedInbound.BOUND.plusSeconds(1));
        assertThat(calls).allMatch(Task::isDone);
        assertThat(answers).hasSize(GuardedInbound.MOST + 1).containsOnly(new Answer(503, ""));
        call(endpoint);
        assertThat(answers).as("they are still inside").hasSize(GuardedInbound.MOST + 2);
        time.advance(Duration.ofDays(1));
    }

    @Test
    void aPlaceThatIsNoneIsNotMounted() {
        for (String path :
                List.of("", "/", "/api", "/api/", "/mcp", "/api/../mcp", "/api/a?b", "/api/a b", "/api//a")) {
            assertThat(mounted(offering(path, 100, () -> new Answer(202, ""))))
                    .as(path)
                    .isEmpty();
        }
        assertThat(mounted(offering("/api/a", 0, () -> new Answer(202, "")))).isEmpty();
        assertThat(mounted(offering("/api/a", (1 << 20) + 1, () -> new Answer(202, ""))))
                .isEmpty();
        assertThat(log.warnings()).hasSize(11).allMatch(text -> text.contains("provider=caller not mounted"));
        assertThat(mounted(offering("/api/a", 1 << 20, () -> new Answer(202, ""))))
                .isPresent();
    }

    @Test
    void anOfferThatThrowsIsNone() {
        CronScheduler provider = new CronScheduler() {
            @Override
            public String name() {
                return "caller";
            }

            @Override
            public void start(StopSignal stop) {}

            @Override
            public <T> Optional<T> capability(Class<T> type) {
                throw new IllegalStateException("not today");
            }
        };
        assertThat(mounted(provider)).isEmpty();
        assertThat(log.warnings()).anyMatch(text -> text.contains("its offer failed: not today"));
    }
}
