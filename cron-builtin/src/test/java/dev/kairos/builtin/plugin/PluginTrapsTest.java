package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a JAR of somebody else's goes wrong, with a real one: nothing but itself is touched. */
class PluginTrapsTest {
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

    private Path dropped() {
        return home.resolve("plugins");
    }

    private List<PluginListing> listings() {
        if (plugins == null) {
            plugins = new Plugins(
                    environment,
                    new PluginPlaces(
                            home,
                            List.of(dropped()),
                            List.of(),
                            Set.of("builtin", "none"),
                            Set.of("script", "handler"),
                            Set.of("console")));
        }
        return plugins.listings();
    }

    private PluginListing only() {
        assertThat(listings()).hasSize(1);
        return listings().get(0);
    }

    private PluginListing of(String file) {
        return listings().stream()
                .filter(listing -> listing.source().endsWith("/" + file))
                .findFirst()
                .orElseThrow();
    }

    /** A JAR that works, in whose neighbourhood something else goes wrong. */
    private void dropGood() {
        DroppedJar.provider("Good", "good").drop(dropped(), "good.jar");
    }

    private void assertGoodIsUntouched() {
        assertThat(of("good.jar").state()).isEqualTo(PluginState.USABLE);
        assertThat(plugins.providers())
                .filteredOn(PluggedProvider::isUsable)
                .extracting(PluggedProvider::name)
                .contains("good");
    }

    private static void assertSaysWhy(PluginListing listing, PluginState state, String reason, String remedy) {
        assertThat(listing.state()).isEqualTo(state);
        assertThat(listing.reason().orElse("")).contains(reason);
        assertThat(listing.remedy().orElse("")).contains(remedy);
    }

    @Test
    void aPlainJarWithNothingButServicesOffersEverySpi() {
        DroppedJar.provider("Pulse", "pulse")
                .with(DeliveryChannel.class, "made.Pager", DroppedJar.channelSource("Pager", "pager", ""))
                .with(
                        JobRunner.class,
                        "made.Agent",
                        "package made; import dev.kairos.api.run.*; public class Agent implements JobRunner {"
                                + " public String kind() { return \"agent\"; }"
                                + " public RunResult run(RunRequest request) { return RunResult.ok(\"done\"); }}")
                .with(
                        FailureClassifier.class,
                        "made.Judge",
                        "package made; import dev.kairos.api.run.*; public class Judge implements FailureClassifier {"
                                + " public java.util.Optional<FailureKind> classify(FailedAttempt attempt) {"
                                + " return java.util.Optional.empty(); }}")
                .with(
                        CronListener.class,
                        "made.Ear",
                        "package made; import dev.kairos.api.event.*; public class Ear implements CronListener {"
                                + " public void onEvent(CronEvent event) {}}")
                .with(
                        JobStoreFactory.class,
                        "made.Stores",
                        "package made; import dev.kairos.api.store.*; public class Stores implements JobStoreFactory {"
                                + " public boolean accepts(String url) { return url.startsWith(\"made:\"); }"
                                + " public JobStore open(String url, java.nio.file.Path home,"
                                + " dev.kairos.api.env.Environment environment) { return null; }}")
                .drop(dropped(), "all-in-one-1.4.2.jar");
        PluginListing all = only();
        assertThat(all.state()).as("%s", all).isEqualTo(PluginState.USABLE);
        assertThat(all.id()).isEqualTo("all-in-one");
        assertThat(all.version()).isEqualTo("1.4.2");
        assertThat(all.offers())
                .extracting(offer -> offer.kind() + " " + offer.name())
                .containsExactlyInAnyOrder(
                        "provider pulse",
                        "channel pager",
                        "runner agent",
                        "classifier Judge",
                        "listener Ear",
                        "store Stores");
        assertThat(plugins.parts().runners()).hasSize(1);
        assertThat(plugins.parts().channels()).hasSize(1);
        assertThat(plugins.parts().classifiers()).hasSize(1);
        assertThat(plugins.parts().listeners()).hasSize(1);
    }

    @Test
    void aManifestSaysIdVersionAndWhatItRequires() {
        DroppedJar.provider("Good", "good")
                .manifest("Plugin-Id", "org.example.good")
                .manifest("Plugin-Version", "2.0-rc1")
                .manifest("Plugin-Requires", ">=0.1.0 & <1.0.0")
                .drop(dropped(), "whatever.jar");
        assertThat(only().id()).isEqualTo("org.example.good");
        assertThat(only().version()).isEqualTo("2.0-rc1");
        assertThat(only().state()).isEqualTo(PluginState.USABLE);
    }

    @Test
    void damagedFilesAreNoJarsAndHarmNobody() throws IOException {
        dropGood();
        Files.writeString(dropped().resolve("garbage.jar"), "this is no archive");
        Files.write(dropped().resolve("empty.jar"), new byte[0]);
        byte[] whole = DroppedJar.provider("Half", "half").bytes();
        Files.write(dropped().resolve("half.jar"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertSaysWhy(of("garbage.jar"), PluginState.REFUSED, "no JAR", "copy it again");
        assertSaysWhy(of("empty.jar"), PluginState.REFUSED, "empty", "copy it again");
        assertSaysWhy(of("half.jar"), PluginState.REFUSED, "no JAR", "copy it again");
        assertGoodIsUntouched();
    }

    @Test
    void aDamagedClassLosesOnlyItself() throws IOException {
        DroppedJar.provider("Good", "good")
                .listing(CronScheduler.class, "made.Torn")
                .entry("made/Torn.class", new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0})
                .drop(dropped(), "good.jar");
        assertThat(only().state()).isEqualTo(PluginState.PARTLY_USABLE);
        assertThat(only().offers())
                .filteredOn(offer -> offer.reason().isEmpty())
                .hasSize(1);
    }

    @Test
    void aClassFileThatIsTooNewLosesOnlyItself() {
        DroppedJar.provider("Good", "good")
                .with(CronScheduler.class, "made.Newer", DroppedJar.providerSource("Newer", "newer", ""))
                .classVersion("made.Newer", 99)
                .drop(dropped(), "good.jar");
        assertSaysWhy(only(), PluginState.PARTLY_USABLE, "newer Java", "newer Java");
        assertThat(only().reason().orElse("")).contains("made/Newer");
        assertThat(only().offers())
                .filteredOn(offer -> offer.reason().isEmpty())
                .extracting(PluginOffer::name)
                .containsExactly("good");
    }

    @Test
    void aRequirementThatCannotBeReadOrIsNotMetHarmsNobodyElse() {
        dropGood();
        DroppedJar.provider("Odd", "odd")
                .manifest("Plugin-Requires", "#!not a version")
                .drop(dropped(), "odd.jar");
        DroppedJar.provider("Later", "later")
                .manifest("Plugin-Requires", ">=9.0.0")
                .drop(dropped(), "later.jar");
        DroppedJar.provider("Exact", "exact")
                .manifest("Plugin-Requires", "0.1.0")
                .drop(dropped(), "exact.jar");
        assertSaysWhy(of("odd.jar"), PluginState.REFUSED, "needs cron-api #!not a version", "take a build");
        assertSaysWhy(of("later.jar"), PluginState.REFUSED, "needs cron-api >=9.0.0", "0.1.0");
        assertThat(of("exact.jar").state()).isEqualTo(PluginState.USABLE);
        assertGoodIsUntouched();
    }

    @Test
    void theApiVersionIsTheBuildsWithoutItsSnapshot() throws IOException {
        String pom = Files.readString(Path.of("..", "cron-api", "pom.xml"));
        assertThat(pom)
                .containsPattern("<version>" + ApiVersion.CURRENT.replace(".", "\\.") + "(-SNAPSHOT)?</version>");
    }

    @Test
    void aPlugInThatNeedsOthersIsRefusedAndHarmsNobodyElse() {
        dropGood();
        DroppedJar.provider("Needy", "needy")
                .manifest("Plugin-Dependencies", "base@1.0, other")
                .drop(dropped(), "needy.jar");
        assertSaysWhy(of("needy.jar"), PluginState.REFUSED, "base@1.0, other", "carries what it needs");
        assertGoodIsUntouched();
    }

    @Test
    void aClassPathInTheManifestIsRefused() {
        DroppedJar.provider("Reaching", "reaching")
                .manifest("Class-Path", "file:/tmp/other.jar")
                .drop(dropped(), "reaching.jar");
        assertSaysWhy(only(), PluginState.REFUSED, "/tmp/other.jar", "carries its libraries");
    }

    @Test
    void ofOneIdTwiceTheFirstByPathCountsAndTheLoserIsTold() {
        DroppedJar.provider("One", "one").manifest("Plugin-Id", "same").drop(dropped(), "b.jar");
        DroppedJar.provider("Two", "two").manifest("Plugin-Id", "same").drop(dropped(), "a.jar");
        assertThat(of("a.jar").state()).isEqualTo(PluginState.USABLE);
        assertSaysWhy(
                of("b.jar"), PluginState.DUPLICATE, dropped().resolve("a.jar").toString(), "take one");
    }

    @Test
    void providersOfOneNameInTwoJarsAreChosenByNobody() {
        dropGood();
        DroppedJar.provider("One", "same").drop(dropped(), "a.jar");
        DroppedJar.provider("Two", "same").drop(dropped(), "b.jar");
        assertSaysWhy(of("a.jar"), PluginState.UNUSABLE, "another provider has the same name", "b.jar");
        assertSaysWhy(of("b.jar"), PluginState.UNUSABLE, "another provider has the same name", "a.jar");
        assertGoodIsUntouched();
    }

    @Test
    void ofTwoChannelsOfOnePlatformTheFirstCounts() {
        DroppedJar.offering(DeliveryChannel.class, "made.One", DroppedJar.channelSource("One", "pager", ""))
                .drop(dropped(), "a.jar");
        DroppedJar.offering(DeliveryChannel.class, "made.Two", DroppedJar.channelSource("Two", "pager", ""))
                .drop(dropped(), "b.jar");
        assertThat(of("a.jar").state()).isEqualTo(PluginState.USABLE);
        assertSaysWhy(of("b.jar"), PluginState.UNUSABLE, "named 'pager' already", "take one");
        assertThat(plugins.parts().channels()).hasSize(1);
    }

    @Test
    void namesOfTheHostAreNobodyElses() {
        DroppedJar.provider("Thief", "builtin")
                .with(DeliveryChannel.class, "made.Tap", DroppedJar.channelSource("Tap", "console", ""))
                .with(CronScheduler.class, "made.Loud", DroppedJar.providerSource("Loud", "LOUD!", ""))
                .drop(dropped(), "thief.jar");
        assertThat(only().state()).isEqualTo(PluginState.UNUSABLE);
        assertThat(only().offers())
                .extracting(offer -> offer.reason().orElse(""))
                .satisfiesExactlyInAnyOrder(
                        reason -> assertThat(reason).contains("'builtin' is reserved"),
                        reason -> assertThat(reason).contains("'console' is reserved"),
                        reason -> assertThat(reason).contains("lower-case letters"));
        assertThat(plugins.parts().channels()).isEmpty();
    }

    @Test
    void aJarThatCarriesItsOwnCopyOfTheApiWorks() throws IOException {
        DroppedJar jar = DroppedJar.provider("Fat", "fat");
        for (String name : List.of("dev/kairos/api/CronScheduler.class", "dev/kairos/api/StopSignal.class")) {
            try (InputStream copy = getClass().getClassLoader().getResourceAsStream(name)) {
                jar.entry(name, Objects.requireNonNull(copy).readAllBytes());
            }
        }
        jar.drop(dropped(), "fat.jar");
        assertThat(only().state()).as("%s", only()).isEqualTo(PluginState.USABLE);
    }

    @Test
    void aPlugInSeesItsOwnLibrariesAndNoneOfTheHosts() throws Exception {
        String asking = " public String call() throws Exception {"
                + " String jackson; try { jackson = String.valueOf(Class.forName("
                + "\"com.fasterxml.jackson.core.JsonFactory\").getClassLoader() == getClass().getClassLoader()); }"
                + " catch (ClassNotFoundException e) { jackson = \"unseen\"; }"
                + " String host; try { Class.forName(\"dev.kairos.builtin.CronRuntime\"); host = \"seen\"; }"
                + " catch (ClassNotFoundException e) { host = \"unseen\"; }"
                + " return jackson + \" \" + host; }";
        String source = DroppedJar.providerSource("Asking", "asking", asking)
                .replace(
                        "extends dev.kairos.api.CronScheduler",
                        "extends dev.kairos.api.CronScheduler" + " implements java.util.concurrent.Callable<String>");
        DroppedJar.offering(CronScheduler.class, "made.Asking", source).drop(dropped(), "without.jar");
        DroppedJar.offering(CronScheduler.class, "made.Asking", source.replace("\"asking\"", "\"carrying\""))
                .source(
                        "com.fasterxml.jackson.core.JsonFactory",
                        "package com.fasterxml.jackson.core; public class JsonFactory {}")
                .drop(dropped(), "with.jar");
        listings();
        assertThat(answerOf("asking")).isEqualTo("unseen unseen");
        assertThat(answerOf("carrying")).isEqualTo("true unseen");
    }

    private String answerOf(String provider) throws Exception {
        PluggedProvider found = plugins.providers().stream()
                .filter(one -> one.name().equals(provider))
                .findFirst()
                .orElseThrow();
        return (String) ((Callable<?>) found.make()).call();
    }

    @Test
    void aMissingLibraryLosesOnlyWhatNeedsIt() {
        DroppedJar.provider("Good", "good")
                .source("lib.Base", "package lib; public class Base { public static int one() { return 1; } }")
                .without("lib.Base")
                .with(
                        CronScheduler.class,
                        "made.Needing",
                        DroppedJar.providerSource("Needing", "needing", " int one = lib.Base.one();"))
                .drop(dropped(), "good.jar");
        assertSaysWhy(only(), PluginState.PARTLY_USABLE, "lib/Base", "carries its libraries");
    }

    @Test
    void aStaticInitialiserThatThrowsLosesOnlyItsClass() {
        DroppedJar.provider("Good", "good")
                .with(
                        CronScheduler.class,
                        "made.Thrower",
                        DroppedJar.providerSource(
                                "Thrower", "thrower", " static { if (true) throw new Error(\"no licence\"); }"))
                .drop(dropped(), "good.jar");
        assertSaysWhy(only(), PluginState.PARTLY_USABLE, "no licence", "ask its author");
    }

    @Test
    void aStaticInitialiserThatHangsIsLeftAfterItsTime() {
        dropGood();
        DroppedJar.offering(
                        CronScheduler.class,
                        "made.Hanger",
                        DroppedJar.providerSource(
                                "Hanger",
                                "hanger",
                                " static { try { Thread.sleep(60_000); } catch (InterruptedException e) {} }"))
                .drop(dropped(), "hanging.jar");
        assertSaysWhy(of("hanging.jar"), PluginState.UNUSABLE, "did not return within 5s", "must not wait");
        assertGoodIsUntouched();
    }

    @Test
    void classesThatTheJarDoesNotBringItselfAreNoneOfItsOffers() {
        DroppedJar.empty()
                .listing(CronScheduler.class, "dev.kairos.builtin.BuiltinScheduler")
                .listing(JobRunner.class, "java.lang.String")
                .drop(dropped(), "pretending.jar");
        assertThat(only().state()).isEqualTo(PluginState.UNUSABLE);
        assertThat(only().offers())
                .allSatisfy(offer -> assertThat(offer.reason()).isPresent());
        assertThat(plugins.parts().runners()).isEmpty();
    }

    @Test
    void aJarThatOffersNothingSaysSo() {
        DroppedJar.empty()
                .source("made.Nothing", "package made; class Nothing {}")
                .drop(dropped(), "lib.jar");
        assertSaysWhy(only(), PluginState.UNUSABLE, "offers nothing", "docs/plugins.md");
    }

    @Test
    void otherFilesInTheFolderAreNotLookedAt() throws IOException {
        dropGood();
        Files.writeString(dropped().resolve("README.txt"), "notes");
        Files.writeString(dropped().resolve(".half-copied.jar"), "notes");
        Files.createDirectory(dropped().resolve("folder.jar"));
        assertThat(listings()).hasSize(1);
    }
}
