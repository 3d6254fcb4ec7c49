package dev.kairos.testkit.delivery;

import static dev.kairos.testkit.delivery.RecordingChannel.refusal;
import static dev.kairos.testkit.delivery.SendingNode.JOB;
import static dev.kairos.testkit.delivery.SendingNode.NINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a run names (docs/adr/0020): which are taken, how they go, and what a retry does with them. */
final class AttachmentsTest {
    @TempDir
    private Path folder;

    private final ManualEnvironment environment = new ManualEnvironment(NINE);
    private final MemoryStore store = new MemoryStore(environment);
    private final RecordingChannel chat = new RecordingChannel("chat", Duration.ZERO).takingFiles();
    private Path home;
    private Path report;

    @BeforeEach
    void aReport() throws IOException {
        home = Files.createDirectory(folder.toRealPath().resolve("home"));
        report = file(home.resolve("work/out/report.csv"), "a,b");
    }

    private static Path file(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, text);
    }

    private SendingNode sending(String... lines) {
        return new SendingNode(environment, store, home, chat)
                .ends(() -> RunResult.ok(String.join("\n", lines)))
                .job("chat:a")
                .open();
    }

    private List<String> texts() {
        return chat.sends().stream().map(RecordingChannel.Send::text).toList();
    }

    @Test
    void aFileThatTheMessageNamesFollowsItAsAPartOfItsOwn() {
        SendingNode node =
                sending("All is well.", "MEDIA:" + report, "See above.").runAndSend();
        assertThat(texts()).containsExactly("All is well.\nSee above.", "report.csv");
        assertThat(chat.files()).containsExactly("report.csv text/csv a,b");
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(node.envelope("chat:a").receipts()).containsExactly("receipt-1", "receipt-2");
        assertThat(chat.sends()).extracting(RecordingChannel.Send::key).doesNotHaveDuplicates();
    }

    @Test
    void aRunnerMayNameFilesBesideItsMessage() {
        new SendingNode(environment, store, home, chat)
                .ends(() -> RunResult.ok("done").withAttachments(List.of(report.toString())))
                .job("chat:a")
                .open()
                .runAndSend();
        assertThat(chat.files()).containsExactly("report.csv text/csv a,b");
    }

    @Test
    void aFileAloneIsAMessage() {
        sending("`MEDIA: " + report + "`").runAndSend();
        assertThat(texts()).containsExactly("report.csv");
    }

    @Test
    void theStateFolderAndTheKeptOutputsGiveFilesToo() throws IOException {
        Path state = file(home.resolve("cron/state/" + JOB + "/s.txt"), "s");
        Path output = file(home.resolve("cron/output/other/o.txt"), "o");
        sending("MEDIA:" + state, "MEDIA:" + output).runAndSend();
        assertThat(chat.files()).containsExactly("s.txt text/plain s", "o.txt text/plain o");
    }

    @Test
    void whatLiesElsewhereIsNamedAndNotAttached() throws IOException {
        Path secret = file(home.resolve("config.yaml"), "token");
        Path others = file(home.resolve("cron/state/job2/s.txt"), "s");
        Path link = Files.createSymbolicLink(home.resolve("work/innocent.txt"), secret);
        Path huge = home.resolve("work/huge.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength((10L << 20) + 1);
        }
        sending(
                        "Done.",
                        "MEDIA:" + secret,
                        "MEDIA:" + others,
                        "MEDIA:" + link,
                        "MEDIA:" + home.resolve("work/../config.yaml"),
                        "MEDIA:" + home.resolve("work/absent.txt"),
                        "MEDIA:" + home.resolve("work/out"),
                        "MEDIA:" + huge,
                        "MEDIA:work/out/report.csv is no absolute path")
                .runAndSend();
        assertThat(chat.files()).isEmpty();
        String outside = "was not attached: it lies outside the job's workdir, its state folder and cron/output)";
        assertThat(texts().get(0).split("\n\n"))
                .containsExactly(
                        "Done.\nMEDIA:work/out/report.csv is no absolute path",
                        "(file config.yaml " + outside,
                        "(file s.txt " + outside,
                        "(file innocent.txt " + outside,
                        "(file config.yaml " + outside,
                        "(file absent.txt was not attached: there is no such file on this machine)",
                        "(file out was not attached: it is no regular file)",
                        "(file huge.bin was not attached: it has 11 MiB, and 10 MiB are the most)");
    }

    @Test
    void aWorkdirAroundTheHomeDoesNotGiveItsSecretsAway() throws IOException {
        home = Files.createDirectory(home.resolve("work/kairos"));
        Path secret = file(home.resolve("server.token"), "token");
        Path state = file(home.resolve("cron/state/" + JOB + "/s.txt"), "s");
        sending("MEDIA:" + secret, "MEDIA:" + state, "MEDIA:" + report)
                .workdir(folder.toString())
                .runAndSend();
        assertThat(chat.files()).containsExactly("s.txt text/plain s", "report.csv text/csv a,b");
    }

    @Test
    void noMoreThanTenGoAlong() throws IOException {
        for (int i = 0; i < 12; i++) {
            file(home.resolve("work/" + i + ".txt"), "x");
        }
        sending(IntStream.range(0, 12)
                        .mapToObj(i -> "MEDIA:" + home.resolve("work/" + i + ".txt"))
                        .toArray(String[]::new))
                .runAndSend();
        assertThat(chat.files()).hasSize(10);
        assertThat(texts().get(0)).contains("(file 10.txt was not attached", "(file 11.txt was not attached");
    }

    @Test
    void aPlatformWithoutFilesIsToldTheirNames() {
        RecordingChannel plain = new RecordingChannel("plain", Duration.ZERO);
        new SendingNode(environment, store, home, plain)
                .ends(() -> RunResult.ok("done\nMEDIA:" + report))
                .job("plain:a")
                .open()
                .runAndSend();
        assertThat(plain.sends())
                .extracting(RecordingChannel.Send::text)
                .containsExactly("done\n\n(file report.csv was not sent: plain takes no files)");
    }

    @Test
    void whereAFileFailedOnlyTheRestIsRetriedFromTheKeptOutput() throws IOException {
        Path second = file(home.resolve("work/second.txt"), "2");
        chat.answers("a", () -> "r1", () -> "r2", refusal(Kind.TRANSIENT));
        SendingNode node = sending("done", "MEDIA:" + report, "MEDIA:" + second).runAndSend();
        assertThat(node.envelope("chat:a").receipts()).containsExactly("r1", "r2");
        node.after(Duration.ofSeconds(60));
        assertThat(texts()).containsExactly("done", "report.csv", "second.txt", "second.txt");
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(node.runs()).hasSize(1);
    }

    @Test
    void aFileThatIsGoneMeanwhileIsSaidInItsPlaceAndTheTextStillGoes() throws IOException {
        Path second = file(home.resolve("work/second.txt"), "2");
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = sending("done", "MEDIA:" + report, "MEDIA:" + second).runAndSend();
        Files.delete(report);
        node.after(Duration.ofSeconds(60));
        assertThat(texts())
                .containsExactly(
                        "done",
                        "done",
                        "(file report.csv was not sent: there is no such file on this machine)",
                        "second.txt");
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
    }

    @Test
    void aFileThatBecameALinkToASecretIsNotSent() throws IOException {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = sending("done", "MEDIA:" + report).runAndSend();
        Files.delete(report);
        Files.createSymbolicLink(report, file(home.resolve("config.yaml"), "token"));
        node.after(Duration.ofSeconds(60));
        assertThat(chat.files()).isEmpty();
        assertThat(texts().get(2)).contains("it lies outside");
    }

    @Test
    void theKeptMessageNamesTheFilesLastByTheirRealPaths() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("work/latest.csv"), report);
        SendingNode node = sending("MEDIA:" + link, "done").runAndSend();
        assertThat(node.message()).contains("done\n\nMEDIA:" + report);
    }

    @Test
    void aRunThatFailedTakesNoFileAlong() {
        new SendingNode(environment, store, home, chat)
                .ends(() -> RunResult.failed(FailureKind.TERMINAL, "broken", "MEDIA:" + report))
                .job("chat:a")
                .open()
                .runAndSend();
        assertThat(chat.files()).isEmpty();
        assertThat(texts().stream().collect(Collectors.joining())).contains("broken");
    }
}
