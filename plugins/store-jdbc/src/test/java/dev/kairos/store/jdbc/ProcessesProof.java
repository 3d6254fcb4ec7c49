package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.JobStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes on one store: none claims what another has, and a kill loses nothing that was acknowledged. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
abstract class ProcessesProof {
    private static final int KILLS = 10;

    /** The URL of a store that is not there yet. */
    abstract String freshUrl();

    /** Asserts that the database itself finds nothing wrong. */
    void requireSound(String url, String when) {}

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void twoProcessesClaimNoRowTwice() throws Exception {
        int count = 2_000;
        String url = freshUrl();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(StoreProcess.due("job-" + i));
        }
        try (JobStore store = Stores.at(url)) {
            store.jobs().create(jobs);
        }
        List<Process> processes = List.of(StoreProcess.start("claim", url, "a"), StoreProcess.start("claim", url, "b"));
        try {
            List<BufferedReader> outputs =
                    processes.stream().map(ProcessesProof::reader).toList();
            for (BufferedReader output : outputs) {
                assertThat(output.readLine()).isEqualTo("ready");
            }
            for (Process process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            List<String> claimed = new ArrayList<>();
            for (BufferedReader output : outputs) {
                claimed.addAll(untilEnd(output));
            }

            assertThat(claimed).hasSize(count).doesNotHaveDuplicates();
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static List<String> untilEnd(BufferedReader output) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null && !line.equals("end"); line = output.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    @Test
    void aKillAtAnyInstantLosesNothingAcknowledged() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String url = freshUrl();
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(writeUntilKilled(url, "w" + kill, 50 + random.nextInt(400)));
            requireSound(url, "seed " + seed + ", kill " + kill);
        }

        assertThat(acknowledged).as("seed %d", seed).anyMatch(line -> line.startsWith("completed "));
        try (JobStore store = Stores.at(url)) {
            for (String line : acknowledged) {
                String[] words = line.split(" ");
                assertThat(isThere(store, words[0], words[1]))
                        .as("seed %d: %s", seed, line)
                        .isTrue();
            }
        }
    }

    /** Reads so many acknowledgements, kills, and reads what was still under way. */
    private static List<String> writeUntilKilled(String url, String name, int lines) throws Exception {
        Process process = StoreProcess.start("write", url, name);
        try (BufferedReader output = reader(process)) {
            assertThat(output.readLine()).isEqualTo("ready");
            List<String> read = new ArrayList<>();
            while (read.size() < lines) {
                read.add(output.readLine());
            }
            process.toHandle().destroyForcibly(); // SIGKILL; unlike the process's own method it leaves the pipe open
            StringBuilder rest = new StringBuilder();
            for (int sign = output.read(); sign >= 0; sign = output.read()) {
                rest.append((char) sign);
            }
            int whole = rest.lastIndexOf("\n"); // the last line may be cut short
            if (whole > 0) {
                read.addAll(rest.substring(0, whole).lines().toList());
            }
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return read;
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isThere(JobStore store, String what, String id) {
        switch (what) {
            case "created":
                return store.jobs().find(id).isPresent();
            case "claimed":
                return store.ledger().find(id).isPresent();
            case "completed":
                Execution row = store.ledger().find(id).orElseThrow();
                Job job = store.jobs().find(row.jobId()).orElseThrow();
                return row.status() == ExecutionStatus.OK && job.engine().runCount() == 1;
            default:
                return false;
        }
    }
}
