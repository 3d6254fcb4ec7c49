package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon's agent waits for a model that never answers; another process ends the run, and all that works for it. */
@Timeout(60)
class AgentCancelIT {
    @TempDir
    Path folder;

    @Test
    void cancellingFromAnotherProcessEndsTheRunAndItsToolServerWithinThreeSeconds() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path traces = Files.createDirectory(folder.resolve("traces"));
        // whoever connects is never answered
        try (ServerSocket model = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    home.resolve("config.yaml"),
                    String.join(
                            "\n",
                            "agent:",
                            "  models:",
                            "    main: { api: openai, model: m, base_url: \"http://127.0.0.1:" + model.getLocalPort()
                                    + "/v1\" }",
                            "  mcp_servers:",
                            "    kit:",
                            "      command: [sh, -c, \"echo $$ > " + traces.resolve("server.pid") + "; exec "
                                    + Path.of(System.getProperty("java.home"), "bin", "java")
                                    + " -XX:TieredStopAtLevel=1 -cp $TOOL_CLASSES dev.kairos.app.agent.ToolProgram "
                                    + traces + "\"]",
                            "      env: { TOOL_CLASSES: \"" + System.getProperty("java.class.path") + "\" }",
                            ""));
            Cli cli = Cli.at(home);
            cli.done("add", "every 1d", "Look.", "--name", "brief", "--deliver", "local");
            try (ServeProcess daemon = ServeProcess.on(home, folder.resolve("daemon.log"))) {
                await().atMost(Duration.ofSeconds(30)).until(daemon::isReady);
                cli.done("run", "brief");
                model.setSoTimeout(30_000);
                model.accept(); // the model is asked, so its tool server is up
                long server = Long.parseLong(
                        Files.readString(traces.resolve("server.pid")).strip());
                assertThat(ProcessHandle.of(server)).isPresent();

                long asked = System.nanoTime();
                cli.done("cancel", "brief");
                await().atMost(Duration.ofSeconds(10))
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> cli.done("runs", "brief", "--json").out().contains("\"cancelled\""));
                Duration took = Duration.ofNanos(System.nanoTime() - asked);

                assertThat(took).isLessThan(Duration.ofSeconds(3));
                await().atMost(Duration.ofSeconds(2))
                        .until(() -> ProcessHandle.of(server)
                                .filter(ProcessHandle::isAlive)
                                .isEmpty());
            }
        }
    }
}
