package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.builtin.plugin.DroppedJar;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginNotes;
import dev.kairos.builtin.plugin.PluginState;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that lives while JARs come and go. */
class PluggedRuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private LogCapture log;

    @BeforeEach
    void listen() {
        log = LogCapture.of("cron.provider");
    }

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    private CronRuntime build(String... settings) {
        RuntimeBuilder builder = CronRuntime.builder().home(home).variables(Map.of());
        builder.setting("store.url", "memory:");
        for (int i = 0; i + 1 < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        return builder.build();
    }

    private Path dropped() {
        return home.resolve("plugins");
    }

    /** A provider that makes a pass each 50 ms. */
    private void dropPulse() {
        DroppedJar.offering(
                        dev.kairos.api.CronScheduler.class,
                        "made.Pulse",
                        "package made; import dev.kairos.api.*; public class Pulse extends CronScheduler {"
                                + " public String name() { return \"pulse\"; }"
                                + " public void start(StopSignal stop) throws InterruptedException {"
                                + " context().armed(); do { context().tick(); }"
                                + " while (!stop.await(java.time.Duration.ofMillis(50))); }"
                                + " public ProviderTraits traits() { return ProviderTraits.DEFAULT.blocking(); }}")
                .drop(dropped(), "pulse.jar");
    }

    private static void awaitProvider(CronRuntime runtime, String name) {
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(runtime.status().provider().name()).isEqualTo(name);
            assertThat(runtime.status().provider().state()).isEqualTo("armed");
        });
    }

    @Test
    void aDroppedProviderIsUsedAndItsRemovalFallsBackToTheTickerWithAWarning() throws Exception {
        dropPulse();
        try (CronRuntime runtime = build("cron.provider", "pulse")) {
            runtime.define("beat", "every 1s", call -> "");
            runtime.start();
            awaitProvider(runtime, "pulse");
            await().atMost(LONG)
                    .until(() -> runtime.jobs().find("beat").engine().runCount() > 0);
            assertThat(log.warnings()).isEmpty();

            Files.delete(dropped().resolve("pulse.jar"));
            assertThat(runtime.status().provider().name())
                    .as("it is used until a reload")
                    .isEqualTo("pulse");
            runtime.reloadPlugins();
            awaitProvider(runtime, "builtin");
            assertThat(log.warnings()).hasSize(1);
            assertThat(log.warnings().get(0)).contains("'pulse' is not used", "no provider has this name");
            long before = runtime.jobs().find("beat").engine().runCount();
            await().atMost(LONG)
                    .until(() -> runtime.jobs().find("beat").engine().runCount() > before);

            dropPulse();
            runtime.reloadPlugins();
            awaitProvider(runtime, "pulse");
            assertThat(runtime.status().provider().fallbackReason()).isEmpty();
        }
    }

    @Test
    void aProviderWhoseJarIsRefusedFallsBackAndTheWarningSaysWhy() throws IOException {
        dropPulse();
        Files.writeString(dropped().resolve("plugins.lock"), "# nothing\n");
        try (CronRuntime runtime = build("cron.provider", "pulse")) {
            runtime.start();
            awaitProvider(runtime, "builtin");
            assertThat(log.warnings()).hasSize(1);
            assertThat(log.warnings().get(0)).contains("pulse.jar", "plugins.lock does not name it");
        }
    }

    @Test
    void aDroppedChannelIsATargetFromTheNextReloadOn() throws Exception {
        try (CronRuntime runtime = build()) {
            runtime.start();
            assertThat(runtime.targetTrouble("pager")).isPresent();
            DroppedJar.offering(DeliveryChannel.class, "made.Pager", DroppedJar.channelSource("Pager", "pager", ""))
                    .drop(dropped(), "pager.jar");
            runtime.reloadPlugins();
            assertThat(runtime.targetTrouble("pager")).isEmpty();
            assertThat(runtime.platforms()).contains("pager", "console");
            Files.delete(dropped().resolve("pager.jar"));
            runtime.reloadPlugins();
            assertThat(runtime.targetTrouble("pager")).isPresent();
        }
    }

    @Test
    void aDroppedRunnerIsAnAbilityOfTheNode() throws Exception {
        try (CronRuntime runtime = build()) {
            assertThat(runtime.abilities().names()).doesNotContain("agent");
            DroppedJar.offering(
                            dev.kairos.api.run.JobRunner.class,
                            "made.Agent",
                            "package made; import dev.kairos.api.run.*; public class Agent implements JobRunner {"
                                    + " public String kind() { return \"agent\"; }"
                                    + " public RunResult run(RunRequest request) { return RunResult.ok(\"done\"); }}")
                    .drop(dropped(), "agent.jar");
            runtime.reloadPlugins();
            assertThat(runtime.abilities().names()).contains("agent");
        }
    }

    @Test
    void aDroppedFactoryOfChannelsIsGivenItsSettingsAndSaysWhatIsLacking() throws Exception {
        DroppedJar.offering(
                        dev.kairos.api.delivery.DeliveryChannelFactory.class,
                        "made.Lofts",
                        "package made; import dev.kairos.api.delivery.*; import dev.kairos.api.InvalidInputException;"
                                + " public class Lofts implements DeliveryChannelFactory {"
                                + " public java.util.Set<String> platforms() { return java.util.Set.of(\"pigeon\", \"dove\"); }"
                                + " public DeliveryChannel open(String platform, ChannelContext host) {"
                                + " String ring = host.settings().text(\"ring\").orElseThrow(() -> new InvalidInputException("
                                + " \"delivery.\" + platform + \".ring\", \"\", \"is lacking\", \"blue\"));"
                                + " return new DeliveryChannel() {"
                                + " public String platform() { return platform; }"
                                + " public void checkAddress(String address) {}"
                                + " public String send(DeliveryMessage message) { return ring + message.address(); }"
                                + " }; }}")
                .drop(dropped(), "lofts.jar");
        try (CronRuntime runtime = build("delivery.pigeon.ring", "blue-")) {
            PluginListing lofts = ofJar(runtime.plugins(), "lofts.jar");
            assertThat(lofts.state()).isEqualTo(PluginState.USABLE);
            assertThat(lofts.offers())
                    .extracting(offer -> offer.kind() + " " + offer.name())
                    .containsExactly("channel dove", "channel pigeon");
            assertThat(runtime.targetTrouble("pigeon:tower")).isEmpty();
            assertThat(runtime.deliver("pigeon:tower", "hello", "title").get(0).receipts())
                    .containsExactly("blue-tower");
            assertThat(runtime.targetTrouble("dove:tower").orElse("")).contains("is lacking", "blue");
            Files.delete(dropped().resolve("lofts.jar"));
            runtime.reloadPlugins();
            assertThat(runtime.targetTrouble("pigeon:tower")).isPresent();
        }
    }

    @Test
    void aDroppedFactoryOfRunnersIsGivenItsHostAndItsFaultsAreItsOwn() throws Exception {
        DroppedJar.offering(
                        dev.kairos.api.run.JobRunnerFactory.class,
                        "made.Agents",
                        "package made; import dev.kairos.api.run.*; public class Agents implements JobRunnerFactory {"
                                + " public String kind() { return \"agent\"; }"
                                + " public JobRunner open(RunnerHost host) {"
                                + " String word = host.settings().text(\"word\").get(); return new JobRunner() {"
                                + " public String kind() { return \"agent\"; }"
                                + " public RunResult run(RunRequest request) { return RunResult.ok(word); } }; }}")
                .drop(dropped(), "agents.jar");
        DroppedJar.offering(
                        dev.kairos.api.run.JobRunnerFactory.class,
                        "made.Broken",
                        "package made; import dev.kairos.api.run.*; public class Broken implements JobRunnerFactory {"
                                + " public String kind() { throw new IllegalStateException(\"no idea\"); }"
                                + " public JobRunner open(RunnerHost host) { return null; }}")
                .drop(dropped(), "broken.jar");
        try (CronRuntime runtime = build("agent.word", "done")) {
            assertThat(runtime.abilities().names()).contains("agent");
            assertThat(ofJar(runtime.plugins(), "broken.jar").reason().orElse(""))
                    .contains("kind()", "no idea");
            assertThat(ofJar(runtime.plugins(), "agents.jar").state()).isEqualTo(PluginState.USABLE);
        }
    }

    @Test
    void aRunnerOfTheApplicationIsNotReplacedByADroppedOne() {
        DroppedJar.offering(
                        dev.kairos.api.run.JobRunner.class,
                        "made.Agent",
                        "package made; import dev.kairos.api.run.*; public class Agent implements JobRunner {"
                                + " public String kind() { return \"agent\"; }"
                                + " public RunResult run(RunRequest request) { return RunResult.ok(\"done\"); }}")
                .drop(dropped(), "agent.jar");
        try (CronRuntime runtime = CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .setting("store.url", "memory:")
                .runner(new FakeAgent())
                .build()) {
            assertThat(ofJar(runtime.plugins(), "agent.jar").reason().orElse(""))
                    .contains("reserved for the host");
        }
    }

    @Test
    void aStoreOfADroppedJarOpensAUrlThatNoOtherTakes() throws IOException {
        String opening = "package made; import dev.kairos.api.store.*; public class Stores implements JobStoreFactory {"
                + " public boolean accepts(String url) { return url.startsWith(\"made:\"); }"
                + " public JobStore open(String url, java.nio.file.Path home, dev.kairos.api.env.Environment env) {"
                + " throw new StoreException(StoreException.Kind.UNUSABLE, \"opened \" + url, null); }}";
        DroppedJar.offering(dev.kairos.api.store.JobStoreFactory.class, "made.Stores", opening)
                .drop(dropped(), "stores.jar");
        assertThatThrownBy(() -> build("store.url", "made:elsewhere")).hasMessageContaining("opened made:elsewhere");
        assertThatThrownBy(() -> build("store.url", "unmade:elsewhere"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no plug-in opens this");
    }

    @Test
    void aStoreThatKairosCarriesLooksAtNoPlugIn() throws IOException {
        DroppedJar.provider("Good", "good").drop(dropped(), "good.jar");
        try (CronRuntime runtime = build()) {
            runtime.define("beat", "every 1h", call -> "");
            assertThat(home.resolve("cron/plugins")).as("where JARs are staged").doesNotExist();
            runtime.plugins();
            assertThat(home.resolve("cron/plugins/staged")).isDirectory();
        }
    }

    @Test
    void aLiveHostReloadsWhenAnotherProcessWishesItAndSaysWhatItHas() throws Exception {
        PluginNotes notes = new PluginNotes(new SystemEnvironment(), home);
        try (CronRuntime runtime = build()) {
            runtime.start();
            String node = runtime.status().node().orElseThrow();
            await().atMost(LONG).until(() -> notes.told(node).isPresent());
            assertThat(notes.told(node).orElseThrow().plugins())
                    .noneMatch(one -> one.source().endsWith("good.jar"));
            DroppedJar.provider("Good", "good").drop(dropped(), "good.jar");
            String wish = notes.wish();
            await().atMost(LONG)
                    .until(() -> notes.told(node)
                            .filter(told -> told.wishes().contains(wish))
                            .isPresent());
            notes.withdraw(wish);
            PluginListing told = ofJar(notes.told(node).orElseThrow().plugins(), "good.jar");
            assertThat(told.state()).isEqualTo(PluginState.USABLE);
            assertThat(told).isEqualTo(ofJar(runtime.plugins(), "good.jar"));
            runtime.stop();
            assertThat(notes.told(node)).isEmpty();
        }
    }

    private static PluginListing ofJar(List<PluginListing> listings, String jar) {
        return listings.stream()
                .filter(listing -> listing.source().endsWith(jar))
                .findFirst()
                .orElseThrow();
    }
}
