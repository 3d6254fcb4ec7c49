package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a JAR before anybody drops it. */
class PluginCheckTest {
    @TempDir
    Path folder;

    private PluginCheck.Report check(Path file) {
        return new PluginCheck(
                        new SystemEnvironment(), folder.resolve("staging"), Set.of("builtin"), Set.of(), Set.of())
                .check(file);
    }

    private PluginCheck.Report check(DroppedJar jar) {
        return check(jar.drop(folder, "checked.jar"));
    }

    private static DroppedJar providerThat(String members) {
        return DroppedJar.offering(
                dev.kairos.api.CronScheduler.class,
                "made.Suspect",
                DroppedJar.providerSource("Suspect", "suspect", members));
    }

    @Test
    void aGoodJarIsUsableAndBringsNoWarning() {
        PluginCheck.Report report = check(DroppedJar.provider("Good", "good"));
        assertThat(report.listing().state()).isEqualTo(PluginState.USABLE);
        assertThat(report.listing().sha256()).hasSize(64);
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void whatEndsTheProcessIsWarnedOf() {
        PluginCheck.Report report = check(providerThat(" void a() { System.exit(1); }"
                + " void b() { Runtime.getRuntime().halt(2); }"
                + " void c() { Runtime.getRuntime().exit(3); }"
                + " java.util.function.IntConsumer d = System::exit;"));
        assertThat(report.listing().state()).isEqualTo(PluginState.USABLE);
        assertThat(report.warnings())
                .anyMatch(warning -> warning.contains("made.Suspect.a calls java.lang.System.exit"))
                .anyMatch(warning -> warning.contains("made.Suspect.b calls java.lang.Runtime.halt"))
                .anyMatch(warning -> warning.contains("made.Suspect.c calls java.lang.Runtime.exit"))
                .anyMatch(warning -> warning.contains("made.Suspect.<init> calls java.lang.System.exit"))
                .allMatch(warning -> warning.contains("ends the whole process"));
    }

    @Test
    void nativeCodeIsWarnedOf() {
        PluginCheck.Report report = check(providerThat(" native void a(); void b() { System.loadLibrary(\"x\"); }"
                + " void c() { System.load(\"/x\"); } void d() { Runtime.getRuntime().loadLibrary(\"x\"); }"));
        assertThat(report.warnings())
                .hasSize(4)
                .anyMatch(warning -> warning.contains("made.Suspect.a is native"))
                .anyMatch(warning -> warning.contains("made.Suspect.b calls java.lang.System.loadLibrary"));
    }

    @Test
    void namesakesOfSuchMethodsAreNoneOfThem() {
        PluginCheck.Report report =
                check(providerThat(" void exit(int code) {} void halt() {} void c() { exit(1); halt(); }"));
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void aClassThatCannotBeReadIsWarnedOf() {
        PluginCheck.Report report = check(
                DroppedJar.provider("Good", "good").entry("made/Torn.class", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}));
        assertThat(report.warnings()).hasSize(1).first().asString().contains("made/Torn.class cannot be looked");
    }

    @Test
    void threadsOfItsConstructorsAreWarnedOf() {
        PluginCheck.Report report = check(
                providerThat(
                        " { Thread left = new Thread(() -> { try { Thread.sleep(5_000); }"
                                + " catch (InterruptedException e) {} }, \"made-early\"); left.setDaemon(true); left.start(); }"));
        assertThat(report.warnings()).hasSize(1).first().asString().contains("made-early");
    }

    @Test
    void whatWouldBeRefusedIsRefusedHere() throws IOException {
        assertThat(check(folder.resolve("nowhere.jar")).listing().reason().orElse(""))
                .contains("no such file");
        Path text = Files.writeString(folder.resolve("text.jar"), "no archive");
        PluginCheck.Report report = check(text);
        assertThat(report.listing().state()).isEqualTo(PluginState.REFUSED);
        assertThat(check(DroppedJar.provider("Thief", "builtin"))
                        .listing()
                        .reason()
                        .orElse(""))
                .contains("reserved");
    }

    @Test
    void theJarItselfIsNotTouched() throws IOException {
        Path file = DroppedJar.provider("Good", "good").drop(folder, "checked.jar");
        byte[] before = Files.readAllBytes(file);
        check(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
}
