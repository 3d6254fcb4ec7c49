package dev.kairos.builtin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.env.Task;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.run.ScriptRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script runner on the real machine. */
@EnabledOnOs(OS.LINUX)
class ScriptRunnerTest {
    @TempDir
    Path folder;

    private final SystemEnvironment machine = new SystemEnvironment();
    private final Map<String, String> host = new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "HOME", "/tmp"));
    private Path home;
    private Path scripts;

    @BeforeEach
    void home() throws IOException {
        home = folder.resolve("home");
        scripts = Files.createDirectories(home.resolve("scripts"));
    }

    private Path script(String name, String text) throws IOException {
        return Files.writeString(scripts.resolve(name), text);
    }

    private static JobDefinition.Builder job(String script) {
        return JobDefinition.builder()
                .set(JobField.NAME, "nightly")
                .set(JobField.SCRIPT, script)
                .set(JobField.NO_AGENT, true);
    }

    private RunResult run(JobDefinition.Builder job) throws IOException {
        return new ScriptRunner(host).run(new Attempt(job.build(), home, machine));
    }

    @Test
    void trimmedStandardOutputIsTheMessage() throws IOException {
        script("hello.sh", "echo; echo '  hello  '; echo noise >&2");
        RunResult result = run(job("hello.sh"));
        assertThat(result.status()).isEqualTo(ExecutionStatus.OK);
        assertThat(result.message()).isEqualTo("hello");
    }

    @Test
    void aFailureSaysCodeThenStandardErrorThenStandardOutput() throws IOException {
        script("bad.sh", "echo partial; echo 'disk full' >&2; exit 3");
        RunResult result = run(job("bad.sh"));
        assertThat(result.status()).isEqualTo(ExecutionStatus.ERROR);
        assertThat(result.failureKind()).contains(FailureKind.TRANSIENT);
        assertThat(result.error())
                .contains("The script bad.sh ended with exit code 3.\n\nstderr:\ndisk full\n\nstdout:\npartial");
        assertThat(result.message()).isEqualTo("partial\n\n[stderr]\ndisk full");
    }

    @Test
    void theExtensionChoosesTheInterpreterAndOtherwiseTheFirstLineAndTheRunBit() throws IOException {
        script("one.bash", "[[ -n $BASH_VERSION ]] && echo bash");
        assertThat(run(job("one.bash")).message()).isEqualTo("bash");
        Path own = script("own", "#!/bin/sh\necho own");
        assertThat(run(job("own")).error())
                .hasValueSatisfying(text -> assertThat(text).contains("chmod u+x"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        assertThat(run(job("own")).message()).isEqualTo("own");
        Files.copy(Path.of("/bin/true"), scripts.resolve("compiled"));
        assertThat(run(job("compiled")).status()).isEqualTo(ExecutionStatus.OK);
    }

    @Test
    void whatNothingSaysHowToRunIsBlockedWithAdvice() throws IOException {
        script("notes.txt", "echo hi");
        Path windows = script("windows", "#!/bin/sh\r\necho hi\r\n");
        Files.setPosixFilePermissions(windows, PosixFilePermissions.fromString("rwx------"));
        script("tool.js", "console.log(1)");
        host.put("PATH", "/nowhere");
        for (String name : new String[] {"notes.txt", "windows", "tool.js", "missing.sh", "", "\0", "../x", "sub"}) {
            RunResult result = run(job(name));
            assertThat(result.status()).as(name).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
            assertThat(result.error())
                    .as(name)
                    .hasValueSatisfying(text -> assertThat(text).containsAnyOf("What to do: ", "Install it"));
        }
    }

    @Test
    void nothingOutsideTheScriptsFolderRuns() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.sh"), "echo stolen");
        Files.createSymbolicLink(scripts.resolve("link.sh"), outside);
        Files.createSymbolicLink(scripts.resolve("up"), folder);
        for (String name : new String[] {"link.sh", "up/outside.sh", "../../outside.sh", outside.toString()}) {
            RunResult result = run(job(name));
            assertThat(result.status()).as(name).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
            assertThat(result.error())
                    .as(name)
                    .hasValueSatisfying(text -> assertThat(text).contains("outside"));
        }
        script("inside.sh", "echo inside");
        Files.createSymbolicLink(scripts.resolve("alias"), scripts.resolve("inside.sh"));
        assertThat(run(job("alias")).message()).isEqualTo("inside");
        assertThat(run(job(scripts.resolve("inside.sh").toString())).message()).isEqualTo("inside");
    }

    @Test
    void aScriptsFolderThatIsItselfALinkWorks() throws IOException {
        script("hello.sh", "echo hello; pwd");
        Path elsewhere = Files.move(scripts, folder.resolve("kept-in-git"));
        Files.createSymbolicLink(scripts, elsewhere);
        assertThat(run(job("hello.sh")).message()).isEqualTo("hello\n" + elsewhere.toRealPath());
    }

    @Test
    void theWorkingFolderIsTheJobsOrTheScripts() throws IOException {
        script("where.sh", "pwd");
        assertThat(run(job("where.sh")).message())
                .isEqualTo(scripts.toRealPath().toString());
        assertThat(run(job("where.sh").set(JobField.WORKDIR, folder.toString())).message())
                .isEqualTo(folder.toRealPath().toString());
        RunResult gone =
                run(job("where.sh").set(JobField.WORKDIR, folder.resolve("gone").toString()));
        assertThat(gone.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(gone.error()).hasValueSatisfying(text -> assertThat(text).contains("workdir", "create the folder"));
    }

    @Test
    void noSecretOfTheHostReachesTheChild() throws IOException {
        host.put("KAIROS_SERVER_TOKEN", "secret-1");
        host.put("AWS_SECRET_ACCESS_KEY", "secret-2");
        host.put("HTTPS_PROXY", "http://user:secret-3@proxy");
        host.put("LC_TIME", "C");
        host.put("TZ", "Europe/Warsaw");
        script("env.sh", "exec /usr/bin/env");
        String seen = run(job("env.sh").set(JobField.ENV, Map.of("MINE", "yes", "TZ", "UTC")))
                .message();
        assertThat(seen).doesNotContain("secret");
        assertThat(seen.lines())
                .contains(
                        "KAIROS_JOB_ID=job_abc123",
                        "KAIROS_JOB_NAME=nightly",
                        "KAIROS_EXECUTION_ID=" + Attempt.ID,
                        "KAIROS_SCHEDULED_AT=2027-01-15T08:00:00Z",
                        "KAIROS_HOME=" + home,
                        "KAIROS_STATE_DIR=" + home.resolve("cron/state/job_abc123"),
                        "KAIROS_STORE=0a1b2c3d",
                        "MINE=yes",
                        "LC_TIME=C",
                        "TZ=UTC",
                        "HOME=/tmp")
                .allMatch(line -> line.matches("(PATH|HOME|LC_TIME|TZ|MINE|PWD|OLDPWD|SHLVL|_|KAIROS_[A-Z_]+)=.*"));
        assertThat(Files.getPosixFilePermissions(home.resolve("cron/state/job_abc123")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aStoredLoaderVariableIsRefusedAtTheRunToo() throws IOException {
        script("hello.sh", "echo hello");
        RunResult result = run(job("hello.sh").set(JobField.ENV, Map.of("LD_PRELOAD", "/tmp/x.so")));
        assertThat(result.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(result.error()).hasValueSatisfying(text -> assertThat(text).contains("env.LD_PRELOAD"));
    }

    @Test
    void anInterruptEndsTheTreeAndKeepsWhatWasCaptured() throws Exception {
        Path pid = folder.resolve("pid");
        script("slow.sh", "echo begun; sleep 300 & echo $! > " + pid + "; wait");
        AtomicReference<RunResult> result = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Task task = machine.start("run", () -> {
            try {
                result.set(run(job("slow.sh")));
                flag.set(Thread.interrupted());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(pid) && Files.size(pid) > 1);
        task.interrupt();
        assertThat(task.join(Duration.ofSeconds(30))).isTrue();
        assertThat(result.get().status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(result.get().message()).isEqualTo("begun");
        assertThat(flag.get()).isTrue();
        long sleeper = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcStat.read(Path.of("/proc"), sleeper).filter(stat -> !stat.isDead()))
                .isEmpty();
    }
}
