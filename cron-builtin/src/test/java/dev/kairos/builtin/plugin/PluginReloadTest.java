package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JARs that come, change and go while the host lives. */
class PluginReloadTest {
    private static final DeliveryMessage MESSAGE = new DeliveryMessage("", "text", "key", "job");

    @TempDir
    Path home;

    private final Environment environment = new SystemEnvironment();
    private Path dropped;
    private Plugins plugins;

    @BeforeEach
    void look() {
        dropped = home.resolve("plugins");
        plugins = new Plugins(
                environment, new PluginPlaces(home, List.of(dropped), List.of(), Set.of(), Set.of(), Set.of()));
    }

    @AfterEach
    void unload() {
        plugins.close();
    }

    private static DroppedJar channel(String platform, String members) {
        return DroppedJar.offering(
                DeliveryChannel.class, "made.Pager", DroppedJar.channelSource("Pager", platform, members));
    }

    private DeliveryChannel onlyChannel() {
        assertThat(plugins.parts().channels()).hasSize(1);
        return plugins.parts().channels().get(0);
    }

    private List<String> sources() {
        return plugins.listings().stream()
                .map(listing -> Path.of(listing.source()).getFileName() + " "
                        + listing.state().word())
                .toList();
    }

    @Test
    void aPluginThatIsHeldIsUnloadedOnceTheHoldEnds() throws IOException {
        channel("pager", "").drop(dropped, "pager.jar");
        plugins.listings();
        ClassLoader loader = onlyLoaderAfterRemoval();
        Runnable endHold = plugins.hold(loader);
        await().pollDelay(Duration.ofMillis(2_500)).until(() -> true); // longer than its grace
        plugins.sweep();
        assertThat(sources()).containsExactly("pager.jar retiring");
        endHold.run();
        endHold.run();
        plugins.sweep();
        assertThat(sources()).isEmpty();
    }

    private ClassLoader onlyLoaderAfterRemoval() throws IOException {
        Files.delete(dropped.resolve("pager.jar"));
        Set<ClassLoader> withdrawn = plugins.reload();
        assertThat(withdrawn).hasSize(1);
        return withdrawn.iterator().next();
    }

    @Test
    void nothingIsLookedAtBeforeItIsAskedForNorAgainBeforeAReload() throws IOException {
        assertThat(plugins.listings()).isEmpty();
        channel("pager", "").drop(dropped, "pager.jar");
        assertThat(plugins.listings()).isEmpty();
        assertThat(plugins.reload()).isEmpty();
        assertThat(sources()).containsExactly("pager.jar usable");
        DeliveryChannel before = onlyChannel();
        plugins.reload();
        assertThat(onlyChannel().platform()).isEqualTo(before.platform());
        Files.delete(dropped.resolve("pager.jar"));
        assertThat(plugins.reload()).hasSize(1);
        assertThat(plugins.parts().channels()).isEmpty();
    }

    @Test
    void anUnchangedJarStaysLoadedAsItIs() throws Exception {
        String counting = " private int sent; { Counter.made++; } static class Counter { static int made; }"
                + " public java.util.List<String> parts(String text) {"
                + " return java.util.List.of(String.valueOf(Counter.made)); }";
        channel("pager", counting).drop(dropped, "pager.jar");
        assertThat(onlyChannel().parts("")).containsExactly("1");
        DroppedJar.provider("Other", "other").drop(dropped, "a.jar");
        plugins.reload();
        assertThat(onlyChannel().parts("")).containsExactly("1");
    }

    @Test
    void aReplacedJarBecomesTheNewOneAndTheOldOneGoesOnUntilNobodyIsInside() throws Exception {
        channel(
                        "pager",
                        " public java.util.List<String> parts(String text) { return java.util.List.of(\"old\"); }"
                                + " public java.time.Duration recognisesRepetitionFor() {"
                                + " return new Late().value(); }"
                                + " static class Late { java.time.Duration value() {"
                                + " return java.time.Duration.ofSeconds(7); } }")
                .drop(dropped, "pager.jar");
        DeliveryChannel old = onlyChannel();
        assertThat(old.parts("")).containsExactly("old");
        channel("pager", " public java.util.List<String> parts(String text) { return java.util.List.of(\"new\"); }")
                .drop(dropped, "pager.jar");
        assertThat(old.recognisesRepetitionFor())
                .as("a class that is first needed after the file was replaced")
                .isEqualTo(Duration.ofSeconds(7));
        plugins.reload();
        assertThat(onlyChannel().parts("")).containsExactly("new");
        assertThat(sources()).containsExactly("pager.jar usable", "pager.jar retiring");
        sweepUntilGone();
        assertThat(sources()).containsExactly("pager.jar usable");
    }

    @Test
    void aRenamedJarIsTakenAtOnceThoughItsOldNameIsStillInUse() throws Exception {
        channel("pager", "").drop(dropped, "pager.jar");
        assertThat(onlyChannel().platform()).isEqualTo("pager");
        Files.move(dropped.resolve("pager.jar"), dropped.resolve("pager-1.0.jar"));

        plugins.reload();

        assertThat(onlyChannel().platform()).isEqualTo("pager");
        assertThat(sources()).contains("pager-1.0.jar usable");
    }

    private void sweepUntilGone() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            plugins.sweep();
            return plugins.listings().stream().noneMatch(listing -> listing.state() == PluginState.RETIRING);
        });
    }

    @Test
    void threeThatGoTogetherAreAllUnloaded() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            DroppedJar.offering(DeliveryChannel.class, "made.Pager", DroppedJar.channelSource("Pager", name, ""))
                    .drop(dropped, name + ".jar");
        }
        assertThat(plugins.parts().channels()).hasSize(3);
        for (String name : List.of("a", "b", "c")) {
            Files.delete(dropped.resolve(name + ".jar"));
        }
        assertThat(plugins.reload()).hasSize(3);
        sweepUntilGone();
        assertThat(plugins.listings()).isEmpty();
    }

    @Test
    void aPlugInIsNotUnloadedWhileACallIsInside() throws Exception {
        String blocking = " public String send(DeliveryMessage message) throws InterruptedException {"
                + " synchronized (DeliveryMessage.class) { DeliveryMessage.class.notifyAll();"
                + " DeliveryMessage.class.wait(30_000); } return \"sent\"; }";
        String source = DroppedJar.channelSource("Pager", "pager", "")
                .replace(" public String send(DeliveryMessage message) { return \"sent\"; }", blocking);
        DroppedJar.offering(DeliveryChannel.class, "made.Pager", source).drop(dropped, "pager.jar");
        DeliveryChannel channel = onlyChannel();
        CountDownLatch sent = new CountDownLatch(1);
        synchronized (DeliveryMessage.class) {
            environment.start("test-send", () -> {
                try {
                    channel.send(MESSAGE);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                sent.countDown();
            });
            DeliveryMessage.class.wait(10_000);
        }
        Files.delete(dropped.resolve("pager.jar"));
        plugins.reload();
        Duration later = environment.uptime().plusSeconds(3);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            plugins.sweep();
            return environment.uptime().compareTo(later) > 0;
        });
        assertThat(plugins.listings().get(0).reason().orElse("")).contains("calls into it still go on");
        synchronized (DeliveryMessage.class) {
            DeliveryMessage.class.notifyAll();
        }
        sent.await();
        sweepUntilGone();
        assertThat(plugins.listings()).isEmpty();
    }

    @Test
    void aThreadThatAPlugInLeavesBehindIsNamedAfterItWasUnloaded() throws Exception {
        channel(
                        "pager",
                        " public java.util.List<String> parts(String text) { Thread left = new Thread(() -> {"
                                + " try { Thread.sleep(60_000); } catch (InterruptedException e) {} },"
                                + " \"made-left\"); left.setDaemon(true); left.start();"
                                + " return java.util.List.of(text); }")
                .drop(dropped, "pager.jar");
        onlyChannel().parts("");
        Files.delete(dropped.resolve("pager.jar"));
        plugins.reload();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            plugins.sweep();
            assertThat(plugins.listings().get(0).reason().orElse("")).contains("left threads behind: made-left");
        });
        assertThat(plugins.listings().get(0).remedy().orElse("")).contains("restart");
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("made-left"))
                .forEach(Thread::interrupt);
        sweepUntilGone();
        assertThat(plugins.listings()).isEmpty();
    }

    @Test
    void anUnloadedPlugInLeavesNothingInMemory() throws IOException {
        WeakReference<ClassLoader> loader = loadedAndWithdrawn();
        sweepUntilGone();
        List<byte[]> pressure = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            pressure.add(new byte[1024]);
            System.gc();
            return loader.get() == null;
        });
    }

    private WeakReference<ClassLoader> loadedAndWithdrawn() throws IOException {
        channel("pager", "").drop(dropped, "pager.jar");
        onlyChannel().parts("");
        Files.delete(dropped.resolve("pager.jar"));
        return new WeakReference<>(plugins.reload().iterator().next());
    }

    @Test
    void theLoserOfANameTakesItsPlaceWhenTheFirstGoes() throws IOException {
        DroppedJar.provider("One", "same").drop(dropped, "a.jar");
        DroppedJar.provider("Two", "same").drop(dropped, "b.jar");
        assertThat(plugins.providers()).noneMatch(PluggedProvider::isUsable);
        Files.delete(dropped.resolve("a.jar"));
        plugins.reload();
        assertThat(plugins.providers())
                .filteredOn(PluggedProvider::isUsable)
                .extracting(PluggedProvider::className)
                .containsExactly("made.Two");
    }

    @Test
    void theDuplicateOfAnIdTakesItsPlaceWhenTheFirstGoes() throws IOException {
        DroppedJar.provider("One", "one").manifest("Plugin-Id", "same").drop(dropped, "a.jar");
        DroppedJar.provider("Two", "two").manifest("Plugin-Id", "same").drop(dropped, "b.jar");
        assertThat(sources()).containsExactly("a.jar usable", "b.jar duplicate");
        Files.delete(dropped.resolve("a.jar"));
        plugins.reload();
        assertThat(plugins.listings())
                .filteredOn(listing -> listing.state() == PluginState.USABLE)
                .extracting(listing -> Path.of(listing.source()).getFileName().toString())
                .containsExactly("b.jar");
    }

    @Test
    void whatIsListedForAnSpiOfTheClassPathIsNoPartOfAJar() {
        Plugins both = new Plugins(
                environment,
                new PluginPlaces(
                        home,
                        List.of(dropped),
                        List.of(CronScheduler.class.getClassLoader()),
                        Set.of(),
                        Set.of(),
                        Set.of()));
        DroppedJar.provider("One", "one").drop(dropped, "a.jar");
        assertThat(both.listings())
                .filteredOn(listing -> listing.source().endsWith("a.jar"))
                .first()
                .satisfies(listing -> assertThat(listing.offers()).hasSize(1));
        both.close();
    }
}
