package dev.kairos.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's own daemon with the dropped JAR: killed between fires, brought back by the portal's call. */
final class DaemonRoundTripIT {
    private static final Pattern STARTED = Pattern.compile("portal.started-agent pid=(\\d+)");

    private static final int FIRES = Boolean.getBoolean("kairos.soak") ? 5 : 1;

    @TempDir
    Path folder;

    private final OwnProcesses processes = new OwnProcesses();

    @AfterEach
    void endProcesses() {
        processes.close();
    }

    @Test
    void aDaemonThatIsKilledBetweenFiresIsBroughtBackByThePortal() throws Exception {
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("plugins"));
        Files.copy(droppedJar(), home.resolve("plugins").resolve("provider-chronos.jar"));
        Path effects = folder.resolve("effects");
        Path script = Files.createDirectories(home.resolve("scripts")).resolve("beat.sh");
        Files.writeString(script, "echo $KAIROS_SCHEDULED_AT >> '" + effects + "'\n");
        int port = OwnProcesses.freePort();
        Path said = folder.resolve("portal.log");
        List<String> serve = kairos(home, "serve");
        String portal = processes.portal(
                said, folder.resolve("portal"), "--port", "0", "--start-command", OwnProcesses.line(serve));
        Files.writeString(home.resolve("config.yaml"), config(portal, port));
        Path log = folder.resolve("first.log");
        Process add = processes.start(
                log, kairos(home, "add", "every 3s", "--script", "beat.sh", "--no-agent", "--name", "beat"));
        assertThat(add.waitFor(60, TimeUnit.SECONDS) && add.exitValue() == 0)
                .as(Files.readString(log))
                .isTrue();
        Process first = processes.start(log, serve);
        await().atMost(OwnProcesses.LONG).until(() -> armed(portal).contains("job_id"));
        first.destroyForcibly().waitFor();
        int before = lines(effects).size();

        for (int fires = 1; fires <= FIRES; fires++) {
            int wanted = before + fires;
            int answers = fires;
            await("fire " + fires)
                    .atMost(OwnProcesses.LONG)
                    .until(() -> lines(effects).size() >= wanted && answered(said) >= answers);
            kill(said);
        }
        assertThat(lines(effects)).as("each occurrence once").doesNotHaveDuplicates();
        assertThat(Files.readString(said)).contains("answer=refused", "answer=202");
        assertThat(STARTED.matcher(Files.readString(said)).results()).hasSizeGreaterThanOrEqualTo(FIRES);
    }

    private static int answered(Path said) throws IOException {
        return Files.readString(said).split("answer=202", -1).length - 1;
    }

    /** SIGKILL to the daemon that the portal started last. */
    private static void kill(Path said) throws IOException {
        long pid = STARTED.matcher(Files.readString(said))
                .results()
                .reduce((first, second) -> second)
                .map(found -> Long.parseLong(found.group(1)))
                .orElseThrow();
        Optional<ProcessHandle> daemon = ProcessHandle.of(pid);
        daemon.ifPresent(ProcessHandle::destroyForcibly);
        daemon.ifPresent(process -> process.onExit().join());
    }

    private String armed(String portal) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(portal + "/api/agent-cron/list"))
                .header("Authorization", "Bearer " + Files.readString(token()))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private Path token() {
        return folder.resolve("portal").resolve("agent.token");
    }

    private String config(String portal, int port) {
        return String.join(
                "\n",
                "server:",
                "  port: " + port,
                "cron:",
                "  provider: chronos",
                "  chronos:",
                "    portal_url: " + portal,
                "    callback_url: http://127.0.0.1:" + port,
                "    token_file: " + token(),
                "    expected_audience: agent:agent",
                "    jwks_url: " + portal + "/.well-known/jwks.json",
                "    issuer: " + portal,
                "");
    }

    /** A command of the distribution: nothing of this example, and nothing of the provider but the dropped JAR. */
    private static List<String> kairos(Path home, String... words) {
        List<String> command = OwnProcesses.java(
                entry -> Stream.of("test-classes", "provider-chronos", "chronos-portal", "nimbus")
                        .noneMatch(entry::contains),
                "dev.kairos.app.Kairos",
                words);
        List<String> complete = new ArrayList<>(command);
        complete.addAll(List.of("--home", home.toString()));
        return complete;
    }

    private static Path droppedJar() throws IOException {
        Path target = Path.of("..", "..", "plugins", "provider-chronos", "target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("-plugin.jar"))
                    .findFirst()
                    .orElseGet(() -> fail("no JAR to drop in " + target));
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
