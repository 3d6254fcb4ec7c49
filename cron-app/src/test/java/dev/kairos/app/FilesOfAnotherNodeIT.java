package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines with folders of their own on one real PostgreSQL: one runs the job, the other alone reaches the platform. */
class FilesOfAnotherNodeIT {
    @TempDir
    Path folder;

    private PostgresServer postgres;
    private StandInPlatform platform;
    private Path work;
    private Cli runs;
    private Cli sends;

    @BeforeEach
    void twoHomes() throws IOException {
        postgres = PostgresServer.in(folder);
        platform = new StandInPlatform(new SystemEnvironment())
                .always(Reply.of(200, "{\"ok\":true,\"result\":{\"message_id\":4711}}"));
        work = Files.createDirectory(folder.toRealPath().resolve("work"));
        runs = home("runs", "");
        sends = home(
                "sends",
                "delivery:\n  telegram:\n    url: " + platform.url()
                        + "\n    token: 1:S3cr3t-0f-th3-pl4tf0rm\n    home: \"42\"\n");
    }

    @AfterEach
    void endThem() throws IOException {
        platform.close();
        postgres.close();
    }

    private Cli home(String name, String delivery) throws IOException {
        Path home = Files.createDirectory(folder.resolve(name));
        Files.writeString(home.resolve("config.yaml"), "store:\n  url: \"" + postgres.url() + "\"\n" + delivery);
        return Cli.at(home);
    }

    /** The job's files are gone from the disk before the other machine sends: only the store has them. */
    private void runAndSend(String... lines) throws Exception {
        Path scripts = Files.createDirectories(folder.resolve("runs/scripts"));
        Files.writeString(scripts.resolve("report.sh"), "cat <<'END'\n" + String.join("\n", lines) + "\nEND\n");
        sends.done(
                "add",
                "1s",
                "--script",
                "report.sh",
                "--no-agent",
                "--deliver",
                "telegram",
                "--workdir",
                work.toString());
        new SystemEnvironment().sleep(Duration.ofMillis(1_100));
        runs.run("tick");
        assertThat(platform.requests())
                .as("the machine that ran it reaches no platform")
                .isEmpty();
        Files.delete(scripts.resolve("report.sh"));
        try (var files = Files.list(work)) {
            for (Path file : files.toList()) {
                Files.writeString(file, "what lies there now is another's");
            }
        }
        sends.run("tick");
    }

    private void isDelivered() {
        List<?> all = (List<?>) sends.done("deliveries", "--json").json().get("deliveries");
        assertThat(((Map<?, ?>) all.get(0)).get("state")).as("%s", all).isEqualTo("delivered");
    }

    @Test
    void theBytesOfTheRunsEndAreSentByTheNodeThatReachesThePlatform() throws Exception {
        Files.writeString(work.resolve("report.csv"), "a,b of the run");
        runAndSend("All is well.", "MEDIA:" + work.resolve("report.csv"));

        isDelivered();
        assertThat(platform.requests()).hasSize(2);
        assertThat(platform.requests().get(0).body()).contains("All is well.");
        assertThat(platform.requests().get(1).target()).endsWith("/sendDocument");
        assertThat(platform.requests().get(1).body())
                .contains("report.csv", "a,b of the run")
                .doesNotContain("another's");
    }

    @Test
    void filesThatAreTooLargeTogetherAreNamedAndTheTextAndTheOthersArrive() throws Exception {
        for (String name : List.of("one.bin", "two.bin")) {
            try (RandomAccessFile sparse =
                    new RandomAccessFile(work.resolve(name).toFile(), "rw")) {
                sparse.setLength(6L << 20);
            }
        }
        runAndSend("Two images.", "MEDIA:" + work.resolve("one.bin"), "MEDIA:" + work.resolve("two.bin"));

        isDelivered();
        assertThat(platform.requests()).hasSize(2);
        assertThat(platform.requests().get(0).body())
                .contains("Two images.")
                .contains(
                        "(file two.bin was not attached: the files of a message may have 10 MiB together where several"
                                + " machines share a store)");
        assertThat(platform.requests().get(1).body()).contains("one.bin");
    }
}
