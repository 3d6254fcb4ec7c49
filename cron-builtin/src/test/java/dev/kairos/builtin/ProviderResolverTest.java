package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.RecordingCronContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderResolverTest {
    private static final String GOOD = provider("Good", "good", "");

    @TempDir
    Path folder;

    private final Environment environment = new SystemEnvironment();
    private LogCapture log;

    @BeforeEach
    void listen() {
        log = LogCapture.of("cron.provider");
    }

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    /** The source of a provider class that uses nothing but the required surface, with more members if given. */
    private static String provider(String className, String name, String members) {
        return "package made; public class " + className + " extends dev.kairos.api.CronScheduler {"
                + " public String name() { return \"" + name + "\"; }"
                + " public void start(dev.kairos.api.StopSignal stop) throws Exception { context().tick(); }"
                + members + "}";
    }

    private ClassLoader jar(Map<String, String> sources) {
        return ProviderJar.compile(folder, sources).loader();
    }

    private Resolution resolve(String asked, ClassLoader... loaders) {
        Configuration configuration = Configuration.of(Map.of("cron.provider", asked));
        return new ProviderResolver(environment, List.of(loaders)).resolve(configuration, this::bind);
    }

    private void bind(CronScheduler provider, String name) {
        provider.bind(new RecordingCronContext(environment, Duration.ofSeconds(60)));
    }

    private void assertFallback(Resolution resolution, String... words) {
        assertThat(resolution.isBuiltin()).isTrue();
        assertThat(resolution.name()).isEqualTo("builtin");
        assertThat(resolution.fallbackReason()).isPresent();
        for (String word : words) {
            assertThat(resolution.fallbackReason().get()).contains(word);
        }
        assertThat(log.warnings()).as("exactly one warning").hasSize(1);
        assertThat(log.warnings().get(0)).contains(resolution.fallbackReason().get());
    }

    @Test
    void blankAndItsOtherNamesAreTheTicker() {
        for (String word : List.of("", "  ", "builtin", " BuiltIn ", "in-process", "inprocess")) {
            Resolution resolution = resolve(word);
            assertThat(resolution.isBuiltin()).as(word).isTrue();
            assertThat(resolution.fallbackReason()).isEmpty();
        }
        Configuration empty = Configuration.of(Map.of());
        assertThat(new ProviderResolver(environment, List.of())
                        .resolve(empty, this::bind)
                        .isBuiltin())
                .isTrue();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void onlyTheWordNoneAsksForNone() {
        Resolution none = resolve(" none ");
        assertThat(none.provider()).isEmpty();
        assertThat(none.name()).isEqualTo("none");
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aProviderCompiledAgainstNameAndStartAloneIsFoundAndWorks() throws Exception {
        Resolution resolution = resolve(" good ", jar(Map.of("made.Good", GOOD)));
        assertThat(resolution.fallbackReason()).isEmpty();
        CronScheduler provider = resolution.provider().orElseThrow();
        assertThat(provider.getClass().getName()).isEqualTo("made.Good");
        assertThat(provider.getClass().getClassLoader()).isNotSameAs(getClass().getClassLoader());
        RecordingCronContext host = new RecordingCronContext(environment, Duration.ofSeconds(60));
        provider.bind(host);
        provider.start(new HostStop(environment));
        assertThat(host.calls()).hasSize(1);
        provider.stop();
        provider.reconcile();
        assertThat(provider.traits().startBlocks()).isFalse();
    }

    @Test
    void anUnknownNameSaysWhichNamesExist() {
        assertFallback(
                resolve("goood", jar(Map.of("made.Good", GOOD))),
                "'goood'",
                "no provider has this name",
                "builtin, good");
    }

    @Test
    void twoProvidersOfOneNameAreAmbiguous() {
        ClassLoader both = jar(Map.of("made.Good", GOOD, "made.Other", provider("Other", "good", "")));
        assertFallback(resolve("good", both), "several providers", "made.Good, made.Other");
    }

    @Test
    void oneClassSeenThroughTwoLoadersCountsOnce() {
        ClassLoader parent = jar(Map.of("made.Good", GOOD));
        ClassLoader child = new java.net.URLClassLoader(new java.net.URL[0], parent);
        assertThat(resolve("good", parent, child).fallbackReason()).isEmpty();
    }

    @Test
    void aConstructorThatThrowsFallsBackAndHidesNoOther() {
        String broken =
                provider("Broken", "broken", " public Broken() { throw new IllegalStateException(\"no licence\"); }");
        ClassLoader loader = jar(Map.of("made.Broken", broken, "made.Good", GOOD));
        assertThat(resolve("good", loader).fallbackReason()).isEmpty();
        assertThat(log.warnings()).isEmpty();
        assertFallback(resolve("broken", loader), "made.Broken", "constructor failed: no licence");
    }

    @Test
    void anErrorInAStaticInitialiserIsContained() {
        String broken = provider("Broken", "broken", " static { if (true) throw new Error(\"static trouble\"); }");
        ClassLoader loader = jar(Map.of("made.Broken", broken, "made.Good", GOOD));
        assertThat(resolve("good", loader).fallbackReason()).isEmpty();
        assertFallback(resolve("broken", loader), "static trouble");
    }

    @Test
    void aLinkageErrorIsSaidInWords() {
        String broken = provider(
                "Broken",
                "broken",
                " public boolean isAvailable() { throw new NoSuchMethodError(\"CronContext.gone()\"); }");
        assertFallback(
                resolve("broken", jar(Map.of("made.Broken", broken))),
                "was built for another version of cron-api",
                "CronContext.gone()");
    }

    @Test
    void aClassListedButMissingHidesNoOther() {
        ClassLoader loader = ProviderJar.compile(folder, Map.of("made.Good", GOOD))
                .listing(List.of("made.Nowhere", "dev.kairos.builtin.ProviderResolverTest", "made.Good"))
                .loader();
        assertThat(resolve("good", loader).fallbackReason()).isEmpty();
        assertFallback(resolve("bad", loader), "made.Nowhere", "dev.kairos.builtin.ProviderResolverTest");
    }

    @Test
    void aServicesFileOfRubbishHidesNoOtherLoader() {
        ClassLoader rubbish = ProviderJar.compile(folder, Map.of("made.Good", GOOD))
                .listing(List.of("this is no class name", "%%%"))
                .loader();
        ClassLoader good = jar(Map.of("made.Good", GOOD));
        assertThat(resolve("good", rubbish, good).fallbackReason()).isEmpty();
    }

    @Test
    void notAvailableFallsBack() {
        String away = provider("Away", "away", " public boolean isAvailable() { return false; }");
        assertFallback(resolve("away", jar(Map.of("made.Away", away))), "'away'", "not available", "cron.away");
    }

    @Test
    void isAvailableThatThrowsFallsBack() {
        String thrower =
                provider("Thrower", "thrower", " public boolean isAvailable() { throw new StackOverflowError(); }");
        assertFallback(
                resolve("thrower", jar(Map.of("made.Thrower", thrower))), "isAvailable() threw StackOverflowError");
    }

    @Test
    void isAvailableThatSaysWhyNotIsSaidInItsWords() throws Exception {
        String picky = provider(
                "Picky",
                "picky",
                " public boolean isAvailable() { throw new IllegalStateException(\"install cron\"); }");
        assertFallback(resolve("picky", jar(Map.of("made.Picky", picky))), "it is not available: install cron");
    }

    @Test
    void isAvailableThatHangsIsLeftAfterItsBound() {
        String hanging = provider(
                "Hanging",
                "hanging",
                " public boolean isAvailable() { while (true) { try { new java.util.concurrent.CountDownLatch(1).await(); }"
                        + " catch (InterruptedException e) { return true; } } }");
        assertFallback(resolve("hanging", jar(Map.of("made.Hanging", hanging))), "did not return within 5s");
    }

    @Test
    void aNameThatThrowsOrIsNullOrReservedIsNeverChosen() {
        String nameless = provider("Nameless", "x", "").replace("return \"x\"", "return null");
        String thrower = provider("Thrower", "x", "").replace("return \"x\"", "throw new RuntimeException(\"name?\")");
        String builtin = provider("Usurper", "builtin", "");
        ClassLoader loader = jar(
                Map.of("made.Nameless", nameless, "made.Thrower", thrower, "made.Usurper", builtin, "made.Good", GOOD));
        assertThat(resolve("builtin", loader).isBuiltin()).isTrue();
        assertThat(resolve("good", loader).fallbackReason()).isEmpty();
        List<ProviderListing> listings = new ProviderResolver(environment, List.of(loader)).list();
        assertThat(listings)
                .extracting(
                        ProviderListing::className, listing -> listing.problem().isPresent())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("dev.kairos.builtin.BuiltinScheduler", false),
                        org.assertj.core.groups.Tuple.tuple("made.Nameless", true),
                        org.assertj.core.groups.Tuple.tuple("made.Thrower", true),
                        org.assertj.core.groups.Tuple.tuple("made.Usurper", true),
                        org.assertj.core.groups.Tuple.tuple("made.Good", false));
    }

    @Test
    void aWrongTypedOrUnreadableSettingFallsBack() {
        Configuration list = Configuration.of(Map.of("cron.provider", List.of("a", "b")));
        Resolution resolution = new ProviderResolver(environment, List.of()).resolve(list, this::bind);
        assertFallback(resolution, "a single text is expected");
    }

    @Test
    void theProvidersOwnLoaderIsTheContextLoader() {
        String curious = provider(
                "Curious",
                "curious",
                " public boolean isAvailable() {"
                        + " return Thread.currentThread().getContextClassLoader() == Curious.class.getClassLoader(); }");
        assertThat(resolve("curious", jar(Map.of("made.Curious", curious))).fallbackReason())
                .isEmpty();
    }
}
