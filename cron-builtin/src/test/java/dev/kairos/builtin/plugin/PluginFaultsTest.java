package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.system.SystemEnvironment;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods of plug-ins that throw or hang, called as the host calls them. */
class PluginFaultsTest {
    private static final String HANG =
            " try { Thread.sleep(60_000); } catch (InterruptedException e) { throw new IllegalStateException(e); }";
    private static final DeliveryMessage MESSAGE = new DeliveryMessage("", "text", "key", "job");

    @TempDir
    Path home;

    private final Environment environment = new SystemEnvironment();
    private Plugins plugins;

    @AfterEach
    void unload() {
        if (plugins != null) {
            plugins.close();
        }
    }

    private void load(Class<?> spi, String className, String source) {
        DroppedJar.offering(spi, "made." + className, source).drop(home.resolve("plugins"), "made.jar");
        plugins = new Plugins(
                environment,
                new PluginPlaces(home, List.of(home.resolve("plugins")), List.of(), Set.of(), Set.of(), Set.of()));
        assertThat(plugins.listings()).extracting(PluginListing::state).containsExactly(PluginState.USABLE);
    }

    private DeliveryChannel channel(String checkAddress, String send, String members) {
        load(
                DeliveryChannel.class,
                "Pager",
                "package made; import dev.kairos.api.delivery.*; public class Pager implements DeliveryChannel {"
                        + " public String platform() { return \"pager\"; }"
                        + " public void checkAddress(String address) {" + checkAddress + " }"
                        + " public String send(DeliveryMessage message) {" + send + " }" + members + "}");
        return plugins.parts().channels().get(0);
    }

    private void assertQuick(Runnable call) {
        Duration begun = environment.uptime();
        call.run();
        assertThat(environment.uptime().minus(begun)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aChannelWhoseCheckThrowsRefusesTheAddressInItsName() {
        DeliveryChannel channel = channel(" throw new NoSuchMethodError(\"gone\");", " return \"\";", "");
        assertThatThrownBy(() -> channel.checkAddress("42"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("plug-in made")
                .hasMessageContaining("another version of cron-api");
    }

    @Test
    void aChannelsOwnRefusalComesThroughAsItIs() {
        DeliveryChannel channel = channel(
                " throw new dev.kairos.api.InvalidInputException(\"deliver\", address, \"no number\", \"pager:42\");",
                " return \"\";",
                "");
        assertThatThrownBy(() -> channel.checkAddress("x"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.reason()).isEqualTo("no number"));
    }

    @Test
    void aChannelWhoseCheckHangsRefusesTheAddressAfterItsTime() {
        DeliveryChannel channel = channel(HANG, " return \"\";", "");
        assertQuick(() -> assertThatThrownBy(() -> channel.checkAddress("42"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("did not return within 5s"));
    }

    @Test
    void aChannelThatThrowsWhatItsSignatureForbidsIsContained() {
        String sneaky = " Pager.<RuntimeException>sneak(new java.io.IOException(\"wire cut\")); return \"\";";
        DeliveryChannel channel = channel(
                "",
                sneaky,
                " @SuppressWarnings(\"unchecked\") static <E extends Throwable> void sneak(Throwable t) throws E {"
                        + " throw (E) t; }");
        assertThatThrownBy(() -> channel.send(MESSAGE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("plug-in made")
                .hasMessageContaining("wire cut");
    }

    @Test
    void aChannelThatCutsAMessageIntoNothingUsableIsContained() {
        DeliveryChannel channel = channel(
                "",
                " return \"\";",
                " public java.util.List<String> parts(String text) { return null; }"
                        + " public java.time.Duration recognisesRepetitionFor() { throw new Error(\"odd\"); }");
        assertThatThrownBy(() -> channel.parts("text")).hasMessageContaining("plug-in made: its parts threw");
        assertThatThrownBy(channel::recognisesRepetitionFor)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("odd");
    }

    @Test
    void theContextLoaderIsThePlugInsWhileItIsCalledAndTheHostsAgainAfterwards() throws Exception {
        DeliveryChannel channel = channel(
                "",
                " return String.valueOf(Thread.currentThread().getContextClassLoader()"
                        + " == getClass().getClassLoader());",
                " public java.util.List<String> parts(String text) { return java.util.List.of(send(null)); }");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        assertThat(channel.send(MESSAGE)).isEqualTo("true");
        assertThat(channel.parts("")).containsExactly("true");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void aRunnerThatReturnsNothingOrAsksForBackendsBadlyIsSaidInItsName() {
        load(
                JobRunner.class,
                "Agent",
                "package made; import dev.kairos.api.run.*; public class Agent implements JobRunner {"
                        + " public String kind() { return \"agent\"; }"
                        + " public java.util.List<Backend> backends(dev.kairos.api.job.Job job) { throw new Error(\"x\"); }"
                        + " public RunResult run(RunRequest request) { return null; }}");
        JobRunner runner = plugins.parts().runners().get(0);
        assertThatThrownBy(() -> runner.run(null)).hasMessageContaining("plug-in made: its run returned null");
        assertThatThrownBy(() -> runner.backends(null))
                .hasMessageContaining("plug-in made: its backends threw Error: x");
    }

    @Test
    void aClassifierThatHangsIsPassedOverAfterItsTime() {
        load(
                FailureClassifier.class,
                "Judge",
                "package made; import dev.kairos.api.run.*; public class Judge implements FailureClassifier {"
                        + " public java.util.Optional<FailureKind> classify(FailedAttempt attempt) {" + HANG
                        + " return java.util.Optional.empty(); }}");
        FailureClassifier classifier = plugins.parts().classifiers().get(0);
        assertQuick(() -> assertThatThrownBy(() -> classifier.classify(null))
                .hasMessageContaining("plug-in made: its classify did not return within 5s"));
    }

    private CronListener listener(String body) {
        load(
                CronListener.class,
                "Ear",
                "package made; import dev.kairos.api.event.*; public class Ear implements CronListener {"
                        + " public void onEvent(CronEvent event) {" + body + " }}");
        return plugins.parts().listeners().get(0);
    }

    @Test
    void aListenerThatHangsIsToldNothingMore() {
        CronListener listener = listener(HANG);
        CronEvent event = new CronEvent(Instant.EPOCH, "cron.test", Map.of());
        assertQuick(() -> listener.onEvent(event));
        Duration begun = environment.uptime();
        for (int i = 0; i < 100; i++) {
            listener.onEvent(event);
        }
        assertThat(environment.uptime().minus(begun)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void aListenerThatThrowsIsToldAgain() {
        CronListener listener = listener(" throw new IllegalStateException(\"number \" + ++count); } int count; {");
        CronEvent event = new CronEvent(Instant.EPOCH, "cron.test", Map.of());
        assertThatThrownBy(() -> listener.onEvent(event)).hasMessageContaining("number 1");
        assertThatThrownBy(() -> listener.onEvent(event)).hasMessageContaining("number 2");
    }

    private void stores(String accepts, String open) {
        load(
                JobStoreFactory.class,
                "Stores",
                "package made; import dev.kairos.api.store.*; public class Stores implements JobStoreFactory {"
                        + " public boolean accepts(String url) {" + accepts + " }"
                        + " public JobStore open(String url, java.nio.file.Path home,"
                        + " dev.kairos.api.env.Environment environment) {" + open + " }}");
    }

    /** A store whose faces throw what they are told to. */
    private static String storeThat(String thrown) {
        return " return (JobStore) java.lang.reflect.Proxy.newProxyInstance(Stores.class.getClassLoader(),"
                + " new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> { " + thrown + " });";
    }

    @Test
    void aStoreThatThrowsSomethingElseThanItMayFailsAsAStore() {
        stores(" return url.startsWith(\"made:\");", storeThat("throw new NoSuchMethodError(\"gone\");"));
        JobStore store = plugins.openStore("made:x", home, new ArrayList<>()).orElseThrow();
        assertThatThrownBy(store::jobs)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store of plug-in made failed: its jobs");
    }

    @Test
    void whatAStoreMayThrowComesThroughAsItIs() {
        stores(
                " return true;",
                storeThat("throw new StoreException(StoreException.Kind.FULL, \"the disk is full\", null);"));
        JobStore store = plugins.openStore("made:x", home, new ArrayList<>()).orElseThrow();
        assertThatThrownBy(store::ledger)
                .isInstanceOfSatisfying(
                        StoreException.class, full -> assertThat(full.kind()).isEqualTo(StoreException.Kind.FULL));
    }

    @Test
    void aFactoryThatHangsOverAUrlIsPassedOverAndNamed() {
        stores(HANG + " return true;", " return null;");
        List<String> broken = new ArrayList<>();
        assertQuick(() -> assertThat(plugins.openStore("made:x", home, broken)).isEmpty());
        assertThat(broken).hasSize(1).first().asString().contains("plug-in made: its accepts did not return within 5s");
    }

    @Test
    void aFactoryThatOpensNothingSaysSoAsAStore() {
        stores(" return true;", " return null;");
        assertThatThrownBy(() -> plugins.openStore("made:x", home, new ArrayList<>()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store of plug-in made failed");
    }

    @Test
    void aStoreThatIsInUseIsNotUnloaded() throws Exception {
        stores(" return true;", storeThat("return null;"));
        JobStore store = plugins.openStore("made:x", home, new ArrayList<>()).orElseThrow();
        java.nio.file.Files.delete(home.resolve("plugins/made.jar"));
        plugins.reload();
        assertThat(plugins.listings().get(0).reason().orElse("")).contains("the store in use is its own");
        assertThatCode(store::close).doesNotThrowAnyException();
    }

    @Test
    void everyMethodThatAnSpiHasIsPassedOn() {
        Map<Class<?>, Class<?>> guards = Map.of(
                DeliveryChannel.class, GuardedChannel.class,
                JobRunner.class, GuardedRunner.class,
                FailureClassifier.class, GuardedClassifier.class,
                CronListener.class, GuardedListener.class,
                JobStoreFactory.class, GuardedStores.class);
        guards.forEach((spi, guard) -> assertThat(Arrays.stream(spi.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(PluginFaultsTest::signature))
                .as("%s", guard)
                .isSubsetOf(Arrays.stream(guard.getDeclaredMethods())
                        .map(PluginFaultsTest::signature)
                        .toList()));
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
