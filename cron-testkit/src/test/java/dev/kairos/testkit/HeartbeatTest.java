package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.store.NodeNote;
import dev.kairos.orchestrator.health.Heartbeat;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.health.NodeHealth.Condition;
import dev.kairos.orchestrator.health.NodeNotes;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatTest {
    private static final Instant START = Instant.parse("2027-01-15T08:00:00.999Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path home;

    private final ManualEnvironment environment = new ManualEnvironment(START);
    private String node = "";
    private Path file = Path.of("");

    @BeforeEach
    void names() {
        node = environment.nodeProbe().self().id();
        file = home.resolve("cron/nodes/" + node + ".json");
    }

    private static String id(ManualEnvironment of) {
        return of.nodeProbe().self().id();
    }

    private Heartbeat heartbeat(Duration interval) {
        return new Heartbeat(environment, home, () -> id(environment), "builtin", interval);
    }

    private NodeHealth health() {
        return new HeartbeatReader(environment, home).of(node);
    }

    @Test
    void aCleanPassIsAlive() throws IOException {
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.starting();
        assertThat(health().condition()).isEqualTo(Condition.ALIVE);
        assertThat(health().lastClean()).isEmpty();
        heartbeat.clean();
        NodeHealth health = health();
        assertThat(health.isHealthy()).isTrue();
        assertThat(health.provider()).contains("builtin");
        assertThat(health.pid()).contains(1L);
        assertThat(health.alive()).contains(Instant.parse("2027-01-15T08:00:00Z"));
        assertThat(health.lastClean()).contains(Instant.parse("2027-01-15T08:00:00Z"));
        assertThat(new HeartbeatReader(environment, home).all()).containsExactly(health);
        assertThat(Files.readString(file)).contains("\"alive\" : 1800000000");
    }

    @Test
    void oneThatWasAskedToEndSaysSoUntilItHasEnded() {
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.clean();
        heartbeat.stopping();
        heartbeat.clean();
        assertThat(health().condition()).isEqualTo(Condition.STOPPING);
        assertThat(health().mayFire()).isFalse();
        assertThat(health().isTroubled()).isFalse();
        environment.advance(Duration.ofSeconds(205));
        assertThat(health().condition()).as("it hangs in its end").isEqualTo(Condition.STALLED);
    }

    @Test
    void oneWhoseProviderIsNoneFiresNothingHoweverOldItsBeat() {
        heartbeat(MINUTE).provider("none");
        environment.advance(Duration.ofDays(3));
        assertThat(health().condition()).isEqualTo(Condition.IDLE);
        assertThat(health().mayFire()).isFalse();
        assertThat(health().alive()).isEmpty();
        assertThat(health().advice()).contains("the provider is none: nothing fires by itself");
    }

    @Test
    void oneWhoseProcessStandsStillIsStoppedWhateverItsBeatSays() {
        ManualEnvironment other = environment.anotherNode(2);
        NodeIdentity frozen = other.nodeProbe().self();
        new Heartbeat(other, home, frozen::id, "builtin", MINUTE).clean();
        HeartbeatReader reader = new HeartbeatReader(environment, home);
        assertThat(reader.of(frozen).condition()).isEqualTo(Condition.ALIVE);
        environment.nodeProbe().liveness(frozen, NodeProbe.Liveness.STOPPED);
        assertThat(reader.of(frozen).condition()).isEqualTo(Condition.STOPPED);
        assertThat(reader.of(frozen).isTroubled()).isTrue();
        assertThat(reader.of(frozen).advice()).contains("kill -CONT " + frozen.pid());
    }

    @Test
    void oneWhoseProcessStandsStillIsFoundByItsBeatAloneWhereNoStoreKnowsItAnyMore() throws IOException {
        ManualEnvironment other = environment.anotherNode(2);
        NodeIdentity frozen = other.nodeProbe().self();
        new Heartbeat(other, home, frozen::id, "builtin", MINUTE).clean();
        heartbeat(MINUTE).clean();
        HeartbeatReader reader = new HeartbeatReader(environment, home);
        assertThat(reader.standingStill()).isEmpty();
        environment.nodeProbe().liveness(frozen, NodeProbe.Liveness.STOPPED);
        assertThat(reader.standingStill()).extracting(NodeHealth::node).containsExactly(frozen.id());
        assertThat(reader.of(frozen.id()).advice()).contains("kill -CONT " + frozen.pid());
        environment.advance(Duration.ofDays(2));
        assertThat(reader.of(frozen.id()).condition()).isEqualTo(Condition.STOPPED);
    }

    @Test
    void oneWhoseProcessIsKnownToBeDeadGivesNoSignOfLifeHoweverFreshItsBeat() {
        ManualEnvironment other = environment.anotherNode(2);
        NodeIdentity killed = other.nodeProbe().self();
        new Heartbeat(other, home, killed::id, "builtin", MINUTE).clean();
        HeartbeatReader reader = new HeartbeatReader(environment, home);
        environment.nodeProbe().liveness(killed, NodeProbe.Liveness.DEAD);
        assertThat(reader.of(killed.id()).condition()).isEqualTo(Condition.STALLED);
        assertThat(reader.of(killed.id()).advice()).contains("has ended", "kairos serve");
    }

    @Test
    void aBeatNamesItsProcessSoThatAnotherWithItsNumberIsNotTakenForIt() throws IOException {
        NodeIdentity self = NodeIdentity.builder("this-boot", 7, "n7")
                .pidNamespace("pid:[1]")
                .startTicks(4711)
                .build();
        environment.nodeProbe().self(self);
        names();
        heartbeat(MINUTE).clean();
        assertThat(Files.readString(file))
                .contains("\"boot\" : \"this-boot\"", "\"pid_namespace\" : \"pid:[1]\"", "\"start_ticks\" : 4711");
        List<NodeIdentity> asked = new ArrayList<>();
        NodeProbe probe = new NodeProbe() {
            @Override
            public NodeIdentity self() {
                return self;
            }

            @Override
            public Liveness livenessOf(NodeIdentity node) {
                asked.add(node);
                return Liveness.UNKNOWN;
            }
        };
        Environment machine = new DelegatingEnvironment(environment) {
            @Override
            public NodeProbe nodeProbe() {
                return probe;
            }
        };
        new HeartbeatReader(machine, home).of(node);
        assertThat(asked).containsExactly(self);
    }

    @Test
    void silenceBeyondPatienceIsStalled() {
        heartbeat(MINUTE).clean();
        environment.advance(Duration.ofSeconds(200));
        assertThat(health().condition()).isEqualTo(Condition.ALIVE);
        environment.advance(Duration.ofSeconds(1));
        assertThat(health().condition()).isEqualTo(Condition.STALLED);
        assertThat(health().advice()).contains("3m21s", "restart the daemon (pid 1)");
    }

    @Test
    void patienceGrowsWithTheInterval() {
        heartbeat(Duration.ofMinutes(10)).clean();
        environment.advance(Duration.ofMinutes(30).plusSeconds(20));
        assertThat(health().condition()).isEqualTo(Condition.ALIVE);
        environment.advance(Duration.ofSeconds(1));
        assertThat(health().condition()).isEqualTo(Condition.STALLED);
    }

    @Test
    void signsOfLifeWithoutACleanPassAreFailing() {
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.clean();
        for (int i = 0; i < 4; i++) {
            environment.advance(MINUTE);
            heartbeat.failed("the store is read-only");
        }
        assertThat(health().condition()).isEqualTo(Condition.FAILING);
        assertThat(health().advice()).contains("no clean pass for 4m", "the store is read-only");
        heartbeat.clean();
        assertThat(health().condition()).isEqualTo(Condition.ALIVE);
        assertThat(health().error()).isEmpty();
    }

    @Test
    void aNodeThatNeverMadeACleanPassIsFailingToo() {
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.failed("x");
        environment.advance(Duration.ofSeconds(201));
        heartbeat.failed("x");
        assertThat(health().condition()).isEqualTo(Condition.FAILING);
    }

    @Test
    void noFileIsUnknownNotDead() throws IOException {
        assertThat(health().condition()).isEqualTo(Condition.UNKNOWN);
        assertThat(health().advice()).contains("no heartbeat");
        assertThat(new HeartbeatReader(environment, home).all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"alive\":\"yes\"}",
                "\u0000\u0001",
                "{\"alive\":1e300}",
                "{\"pid\":1}",
                "7",
                "{\"alive\":1800000000,\"interval\":\"often\",\"pid\":[]} trailing"
            })
    void garbageIsUnknownOrAtLeastReadable(String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        assertThat(health().condition()).isIn(Condition.UNKNOWN, Condition.ALIVE);
        if (!content.contains("1800000000")) {
            assertThat(health().condition()).isEqualTo(Condition.UNKNOWN);
            assertThat(health().advice()).containsAnyOf("damaged", "future");
        }
    }

    @Test
    void aBeatCarriesWhatTheNodeSaysOfItself() {
        Heartbeat heartbeat = heartbeat(MINUTE);
        NodeNotes notes = new NodeNotes(
                Optional.of("quartz"),
                Optional.of("quartz is not here"),
                Optional.of("it died"),
                Optional.of(Instant.parse("2027-01-15T07:59:00Z")),
                Optional.of(12),
                List.of("handler:report", "script"),
                List.of("console", "ntfy"),
                Optional.of(Instant.parse("2027-01-15T07:59:30Z")),
                List.of("job1"),
                new ProviderNotes(
                        Optional.of("deaf"),
                        Optional.of("failing"),
                        Optional.of("its engine is away"),
                        Optional.of("reconcile threw"),
                        Optional.of(Instant.parse("2027-01-15T07:50:00Z")),
                        Optional.of(11),
                        Optional.of("1 not armed")),
                Optional.of("http://127.0.0.1:8784"),
                Optional.of("the port is taken"));
        heartbeat.notes(() -> notes);
        heartbeat.clean();
        assertThat(health().notes()).isEqualTo(notes);
        heartbeat.notes(() -> {
            throw new IllegalStateException("the store does not answer");
        });
        heartbeat.clean();
        assertThat(health().notes()).isEqualTo(NodeNotes.NONE);
        assertThat(health().condition()).isEqualTo(Condition.ALIVE);
    }

    /** What a store was told, and how often. */
    private static final class ToldStore extends MemberlessNodes {
        private final List<String> told = new ArrayList<>();

        @Override
        public void note(String node, String text) {
            told.add(text);
        }
    }

    @Test
    void theStoreIsToldWhatIsNewAtOnceAndTheRestSeldom() {
        ToldStore nodes = new ToldStore();
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.share(nodes);
        assertThat(nodes.told).as("nothing was said yet").isEmpty();
        heartbeat.starting();
        heartbeat.share(nodes);
        heartbeat.share(nodes);
        assertThat(nodes.told).hasSize(1);

        for (int i = 0; i < 60; i++) { // a pass each second
            environment.advance(Duration.ofSeconds(1));
            heartbeat.clean();
            heartbeat.share(nodes);
        }
        assertThat(nodes.told).hasSize(4);
        heartbeat.failed("it broke");
        heartbeat.share(nodes);
        assertThat(nodes.told).hasSize(5);
        environment.advance(MINUTE);
        heartbeat.share(nodes);
        assertThat(nodes.told)
                .as("a beat is told once: who hangs must look old")
                .hasSize(5);
        heartbeat.stopped();
        heartbeat.share(nodes);
        assertThat(nodes.told).hasSize(5);
    }

    @Test
    void anotherMachineJudgesByTheAgeOfTheNoteWhateverTheClocksShow() {
        ToldStore nodes = new ToldStore();
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.clean();
        environment.advance(Duration.ofSeconds(90));
        heartbeat.failed("it broke");
        heartbeat.share(nodes);
        NodeIdentity self = environment.nodeProbe().self();
        HeartbeatReader elsewhere = new HeartbeatReader(environment, home.resolve("elsewhere"));
        environment.stepWallClock(Duration.ofHours(-5));

        NodeHealth fresh = elsewhere.of(self, note(nodes, Duration.ofSeconds(3)));
        assertThat(fresh.condition()).isEqualTo(Condition.ALIVE);
        assertThat(fresh.error()).contains("it broke");
        assertThat(fresh.place().home()).contains(home.toString());
        assertThat(Duration.between(fresh.alive().orElseThrow(), environment.now()))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(elsewhere.of(self, note(nodes, Duration.ofSeconds(115))).condition())
                .as("its last clean pass was long ago")
                .isEqualTo(Condition.FAILING);
        assertThat(elsewhere.of(self, note(nodes, Duration.ofSeconds(201))).condition())
                .isEqualTo(Condition.STALLED);
        assertThat(elsewhere
                        .of(self, new NodeNote(node, "{not ours", Duration.ZERO))
                        .condition())
                .isEqualTo(Condition.UNKNOWN);
    }

    private NodeNote note(ToldStore nodes, Duration age) {
        return new NodeNote(node, nodes.told.get(nodes.told.size() - 1), age);
    }

    @Test
    void aBeatFromTheFutureAsksForTheClock() {
        heartbeat(MINUTE).clean();
        environment.stepWallClock(Duration.ofHours(-1));
        assertThat(health().condition()).isEqualTo(Condition.UNKNOWN);
        assertThat(health().advice()).contains("clock");
    }

    @Test
    void aGoodStopTakesTheBeatAway() {
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.clean();
        heartbeat.stopped();
        heartbeat.stopped();
        assertThat(file).doesNotExist();
    }

    @Test
    void beatsOfTheLongGoneAreForgotten() throws IOException {
        ManualEnvironment another = environment.anotherNode(2);
        Heartbeat old = new Heartbeat(another, home, () -> id(another), "builtin", MINUTE);
        old.clean();
        environment.advance(Duration.ofDays(8));
        heartbeat(MINUTE).starting();
        assertThat(new HeartbeatReader(environment, home).all())
                .extracting(NodeHealth::node)
                .containsExactly(node);
    }

    @Test
    void aFailedWriteNeverReachesTheLoop() {
        HostFiles real = environment.files();
        environment.files(failing(real, Set.of("replaceQuickly", "delete", "list")));
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.starting();
        heartbeat.clean();
        heartbeat.failed("x");
        heartbeat.provider("other");
        heartbeat(MINUTE).stopped();
        assertThat(file).doesNotExist();
        environment.files(real);
        heartbeat.clean();
        assertThat(health().provider()).isEqualTo(Optional.of("other"));
    }

    @Test
    void oneThatEndsAsksTheNodeNothingAndWritesNothingAfterwards() {
        AtomicInteger asked = new AtomicInteger();
        Heartbeat heartbeat = heartbeat(MINUTE);
        heartbeat.notes(() -> {
            asked.incrementAndGet();
            return NodeNotes.NONE;
        });
        heartbeat.clean();
        heartbeat.stopping();
        assertThat(asked).hasValue(1);
        heartbeat.stopped();
        heartbeat.noted();
        assertThat(file).doesNotExist();
    }

    @Test
    void anUnreadableFileIsUnknown() {
        heartbeat(MINUTE).clean();
        environment.files(failing(environment.files(), Set.of("read")));
        assertThat(health().condition()).isEqualTo(Condition.UNKNOWN);
        assertThat(health().advice()).contains("disk on fire");
    }

    private static HostFiles failing(HostFiles real, Set<String> methods) {
        return (HostFiles) Proxy.newProxyInstance(
                HostFiles.class.getClassLoader(), new Class<?>[] {HostFiles.class}, (proxy, method, args) -> {
                    if (methods.contains(method.getName())) {
                        throw new IOException("disk on fire");
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
