package dev.kairos.app.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LauncherTest {
    @TempDir
    Path folder;

    private Stage stage;

    @BeforeEach
    void lay() {
        stage = new Stage(folder);
        stage.maven(Stage.goodBuild());
    }

    /** A start may still be making its archive in the background; the folder cannot be deleted under it. */
    @AfterEach
    void awaitTheArchive() {
        await().atMost(Duration.ofSeconds(60)).until(() -> !stage.isMakingAnArchive());
    }

    @Test
    void theWordsReachTheCommandAsTheyWereTyped() {
        var ended = stage.run(stage.distribution(), "add", "every 2h", "", "it's \"so\" $HOME *", "zażółć");
        assertThat(ended.exit()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.words())
                .endsWith("dev.kairos.app.Kairos", "add", "every 2h", "", "it's \"so\" $HOME *", "zażółć");
    }

    @Test
    void aShortCommandStartsFastAndADaemonGetsTheWholeCompiler() {
        Path kairos = stage.distribution();
        assertThat(stage.run(kairos, "list").words()).contains("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        assertThat(stage.run(kairos, "show", "serve").words()).contains("-XX:TieredStopAtLevel=1");
        assertThat(stage.run(kairos, "serve").words()).doesNotContain("-XX:TieredStopAtLevel=1");
        assertThat(stage.run(kairos, "--home", "/h", "serve").words()).doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void aClosedStreamIsNotTakenByAFileThatJavaOpens() throws IOException, InterruptedException {
        Path seen = folder.resolve("seen");
        Stage.script(folder.resolve("jdk/bin/java"), """
                case "$*" in *"next --batch") ;; *) exit ;; esac # the archive is made beside the command
                { true 3<&0; } 2>/dev/null && in=$(wc -c)
                { echo lost; } 2>/dev/null || out=unwritable
                echo $in $out >'%s'
                """.formatted(seen));
        Path closing = folder.resolve("closing");
        Stage.script(closing, "exec '" + stage.distribution() + "' next --batch <&- >&-\n");

        stage.run(closing);

        assertThat(Stage.read(seen)).isEqualTo("0 unwritable\n");
    }

    @Test
    void theJvmItselfNeverWritesToStandardOutput() {
        assertThat(stage.run(stage.distribution(), "list").words()).contains("-Xlog:disable", "-Xlog:all=error:stderr");
    }

    @Test
    void nativeAccessIsAllowedWhereJavaAsks() {
        Path kairos = stage.distribution();
        assertThat(stage.run(kairos, "list").words()).doesNotContain("--enable-native-access=ALL-UNNAMED");
        stage.java("25");
        assertThat(stage.run(kairos, "list").words()).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void aChainOfSymbolicLinksLeadsHome() throws IOException {
        Path kairos = stage.distribution();
        Path first = Files.createSymbolicLink(folder.resolve("first"), folder.relativize(kairos));
        Path second = Files.createSymbolicLink(folder.resolve("second"), first);
        assertThat(stage.run(second, "list").words())
                .contains(kairos.resolve("../../lib/cron-app.jar").normalize().toString())
                .as("what an outside trigger calls")
                .contains("-Dkairos.launcher=" + kairos);
    }

    @Test
    void anOldJavaIsRefusedInPlainWords() {
        stage.java("11.0.20");
        var ended = stage.run(stage.distribution(), "list");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("Java 17 or newer is needed").contains("is 11.0.20");
        assertThat(ended.err().lines()).hasSize(2);
    }

    @Test
    void aWrongJavaHomeIsNamed() {
        stage.environment.put("JAVA_HOME", "/nowhere");
        var ended = stage.run(stage.distribution(), "list");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("JAVA_HOME is /nowhere").contains("unset it");
    }

    @Test
    void theJavaOnThePathIsFoundWithoutJavaHome() throws IOException {
        stage.environment.remove("JAVA_HOME");
        Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("path")).resolve("java"), folder.resolve("jdk/bin/java"));
        Path kairos = stage.distribution();
        var ended = stage.run(kairos, "list");
        assertThat(ended.exit()).isZero();
        assertThat(ended.words()).as("what an outside trigger calls").contains("-Dkairos.launcher=" + kairos);
    }

    @Test
    void theSecondStartUsesTheArchiveTheFirstOneLeft() {
        Path kairos = stage.distribution();
        Path archive = folder.resolve("kairos 1/kairos-17.0.15+6.jsa");
        assertThat(stage.run(kairos, "list").words()).doesNotContain("-XX:SharedArchiveFile=" + archive);
        awaitTheArchive();
        assertThat(archive).exists();
        assertThat(stage.run(kairos, "list").words()).contains("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void aSourceTreeIsBuiltOnceAndSaysSo() {
        var first = stage.run(stage.tree.resolve("kairos"), "list");
        assertThat(first.exit()).isZero();
        assertThat(first.err()).contains("building the command once").contains("built in");
        assertThat(first.words()).endsWith("list");
        var second = stage.run(stage.tree.resolve("kairos"), "list");
        assertThat(second.err()).isEmpty();
        assertThat(stage.builds()).isEqualTo(1);
    }

    @Test
    void aSourceNewerThanTheBuildIsBuilt() {
        stage.run(stage.tree.resolve("kairos"), "list");
        Path source = stage.tree.resolve("cron-api/src/main/java/Api.java");
        Stage.touch(source, Instant.now().plusSeconds(60));
        stage.run(stage.tree.resolve("kairos"), "list");
        assertThat(stage.builds()).isEqualTo(2);
    }

    @Test
    void aBuildMadeByHandIsTaken() {
        Stage.write(stage.tree.resolve("cron-app/target/kairos/lib/cron-app.jar"), "jar");
        Stage.touch(
                stage.tree.resolve("cron-app/target/kairos/lib/cron-app.jar"),
                Instant.now().plusSeconds(60));
        assertThat(stage.run(stage.tree.resolve("kairos"), "list").exit()).isZero();
        assertThat(stage.builds()).isZero();
    }

    @Test
    void ofManyFirstStartsOneBuilds() {
        stage.maven("sleep 2; " + Stage.goodBuild());
        var starts = IntStream.range(0, 4)
                .mapToObj(i -> stage.start(stage.tree.resolve("kairos"), "list"))
                .toList();
        List<Stage.Ended> ended = starts.stream().map(Stage::end).toList();
        assertThat(ended).allSatisfy(one -> assertThat(one.exit()).as(one.err()).isZero());
        assertThat(ended).anySatisfy(one -> assertThat(one.err()).contains("another start is building"));
        assertThat(stage.builds()).isEqualTo(1);
    }

    @Test
    void aLockLeftByADeadStartIsTakenAway() throws IOException {
        Path builds = Files.createDirectories(stage.tree.resolve("target/launcher"));
        Files.createSymbolicLink(builds.resolve("lock"), Path.of("999999999"));
        assertThat(stage.run(stage.tree.resolve("kairos"), "list").exit()).isZero();
        assertThat(Files.exists(builds.resolve("lock"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void aFailedBuildEndsWithOneMessageAndTheLog() throws IOException {
        stage.maven("echo '[ERROR] the sources are in pieces'; exit 1");
        var ended = stage.run(stage.tree.resolve("kairos"), "list");
        Path log = stage.tree.resolve("target/launcher/build.log");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("the build failed").contains(log.toString());
        assertThat(log).content().contains("the sources are in pieces");
        try (Stream<Path> left = Files.list(log.getParent())) {
            assertThat(left).containsExactly(log);
        }
        stage.maven(Stage.goodBuild());
        assertThat(stage.run(stage.tree.resolve("kairos"), "list").exit()).isZero();
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws IOException {
        Files.delete(folder.resolve("path/mvn"));
        stage.environment.put("PATH", toolsWithoutMaven().toString());
        var ended = stage.run(stage.tree.resolve("kairos"), "list");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("needs Maven").contains("Install Maven");
    }

    private Path toolsWithoutMaven() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of(
                "sh",
                "readlink",
                "dirname",
                "uname",
                "mkdir",
                "ln",
                "ls",
                "rm",
                "date",
                "touch",
                "find",
                "head",
                "tail",
                "sort",
                "mv",
                "cp",
                "sed",
                "ps",
                "sleep",
                "tr",
                "mktemp",
                "grep")) {
            Path real = Stream.of("/usr/bin", "/bin")
                    .map(place -> Path.of(place, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Stage.script(tools.resolve(tool), "exec " + real + " \"$@\"\n");
        }
        return tools;
    }
}
