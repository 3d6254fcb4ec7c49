package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home without a daemon, whose jobs the daemons of other homes run: it knows of them what their own homes do. */
class NodesOfOtherHomesIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @TempDir
    Path data;

    private PostgresServer postgres;
    private ServedHome homes;

    @BeforeEach
    void threeHomesOnAServer() throws IOException {
        postgres = PostgresServer.in(data);
        homes = ServedHome.sharing(folder, postgres.url(), 3);
        homes.script("beat", "");
        Path config = folder.resolve("home-1").resolve("config.yaml");
        Files.writeString(config, Files.readString(config) + "cron:\n  node_tags: [gpu]\n");
    }

    @AfterEach
    void endThem() throws IOException {
        homes.close();
        postgres.close();
    }

    @Test
    void statusAndDoctorKnowTheDaemonsOfEveryHomeThatSharesTheStore() throws Exception {
        Cli cli = homes.cli();
        Map<String, Object> drawing = ServedHome.record("drawing", "every 1h", "beat");
        drawing.put("tags", List.of("needs-gpu"));
        homes.importJobs(List.of(drawing, ServedHome.record("plain", "every 1h", "beat")));
        assertThat(cli.run("status").out()).startsWith("not healthy").contains("no daemon lives here");
        assertThat(cli.run("list").out()).contains("Nothing fires here now");
        assertThat(cli.run("doctor").out()).contains("drawing", "needs script needs-gpu");

        ServeProcess able = homes.serveOf(1);
        homes.serveOf(2);
        await().atMost(LONG)
                .until(() -> nodes().stream()
                                .filter(node -> "alive".equals(node.get("condition")))
                                .count()
                        == 2);
        assertThat(cli.run("status").exit()).isZero();

        String status = cli.run("status").out();
        assertThat(status)
                .startsWith("healthy")
                .contains("of the home " + folder.resolve("home-1"), "of the home " + folder.resolve("home-2"))
                .doesNotContain("a command fires here");
        assertThat(nodes()).allSatisfy(node -> {
            assertThat(node.get("condition")).isEqualTo("alive");
            assertThat(node.get("provider")).isEqualTo("builtin");
        });
        assertThat(cli.run("doctor").out()).doesNotContain("can run it");
        assertThat(cli.run("list").out()).doesNotContain("Nothing fires");
        assertThat(cli.done("run", "drawing", "--wait").out()).contains("ok");

        able.term();
        await().atMost(LONG).until(() -> nodes().size() == 1);
        assertThat(cli.run("doctor").out()).contains("no live node can run it; it needs script needs-gpu");
        assertThat(cli.run("status").out()).startsWith("healthy");
    }

    private List<Map<?, ?>> nodes() {
        List<?> nodes = (List<?>) Objects.requireNonNull(
                homes.cli().run("status", "--json").json().get("nodes"));
        return nodes.stream().<Map<?, ?>>map(node -> (Map<?, ?>) node).toList();
    }
}
