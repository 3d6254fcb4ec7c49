package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Retry;
import dev.kairos.orchestrator.Gates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a session counts as lapsed, and how often its model is asked until then; each case with an entry of its own. */
class ExpiredSessionTest {
    private static final String REFUSAL = "Acme API error (401 Unauthorized): ";
    private static final String LAPSED = REFUSAL + "{\"success\":false,\"error\":\"Invalid token\"}";
    private static final String CANNED = "Something went wrong. Please try again later.";

    @TempDir
    Path folder;

    /** What a program prints, what it says to standard error, how often it is called, whether its gate closes. */
    private record Case(String printed, String error, int calls, boolean isLapse) {}

    private static final Map<String, Case> CASES = cases();

    private static Map<String, Case> cases() {
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("in-the-error", new Case(CANNED, LAPSED, 1, true));
        cases.put("in-the-output-alone", new Case(LAPSED, CANNED, 1, true));
        cases.put("absent", new Case(CANNED, CANNED, 3, false));
        cases.put("ordinary-401", new Case(CANNED, REFUSAL + "Invalid API key", 3, false));
        cases.put("sign-without-a-401", new Case(CANNED, "\"error\":\"Invalid token\"", 3, false));
        cases.put("another-backends", new Case(CANNED, LAPSED.replace("Acme", "Other"), 3, false));
        cases.put("sign-of-its-own", new Case(CANNED, REFUSAL + "please log in again", 1, true));
        cases.put("not-its-own-sign", new Case(CANNED, LAPSED, 3, false));
        return cases;
    }

    private Path program(String name, Case said) throws IOException {
        Files.createDirectories(folder.resolve("scripts"));
        Files.writeString(folder.resolve(name + ".out"), said.printed());
        Files.writeString(folder.resolve(name + ".err"), said.error());
        Path file = folder.resolve("scripts").resolve(name + ".sh");
        String base = folder.resolve(name).toString();
        Files.writeString(
                file,
                "#!/bin/sh\necho x >> '" + base + ".calls'; cat '" + base + ".out'; cat '" + base
                        + ".err' >&2; exit 1\n");
        file.toFile().setExecutable(true);
        return file;
    }

    private int calls(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name + ".calls")).size();
    }

    @Test
    void onlyTheBackendsOwnRefusalWithItsOwnSignCountsAndIsAskedOnce() throws Exception {
        try (AgentHome home = new AgentHome(folder)) {
            for (Map.Entry<String, Case> one : CASES.entrySet()) {
                home.command(
                        one.getKey(),
                        List.of(program(one.getKey(), one.getValue()).toString()));
            }
            home.set("agent.models.sign-of-its-own.session_sign", "please log in again")
                    .set("agent.models.not-its-own-sign.session_sign", "please log in again");
            Map<String, String> jobs = new LinkedHashMap<>();
            for (String name : CASES.keySet()) {
                jobs.put(
                        name,
                        home.create(AgentHome.brief().set(JobField.NAME, name).set(JobField.MODEL, name), "1s"));
            }
            program("script-alone", new Case(LAPSED, LAPSED, 3, false));
            String script = home.create(
                    JobDefinition.builder()
                            .set(JobField.NAME, "script-alone")
                            .set(JobField.NO_AGENT, true)
                            .set(JobField.SCRIPT, "script-alone.sh")
                            .set(JobField.DELIVER, List.of("local"))
                            .set(
                                    JobField.RETRY,
                                    new Retry(Optional.of(2), Optional.of(Duration.ZERO), Optional.of(Duration.ZERO))),
                    "1s");

            home.runtime().join();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                home.runtime().tick();
                return home.isOver(script) && jobs.values().stream().allMatch(home::isOver);
            });

            for (Map.Entry<String, Case> one : CASES.entrySet()) {
                String name = one.getKey();
                assertThat(calls(name)).as(name).isEqualTo(one.getValue().calls());
                assertThat(home.rows(jobs.get(name)).get(0).failureKind())
                        .as(name)
                        .contains(one.getValue().isLapse() ? "session_expired" : "transient");
            }
            assertThat(calls("script-alone")).isEqualTo(3);
            assertThat(home.rows(script).get(0).failureKind()).contains("transient");
            assertThat(home.runtime().signedOut())
                    .extracting(Gates.Closed::entry)
                    .containsExactlyInAnyOrder("in-the-error", "in-the-output-alone", "sign-of-its-own");
            assertThat(home.events)
                    .filteredOn(event -> event.name().equals("cron.session-expired"))
                    .hasSize(3);
            assertThat(home.events)
                    .filteredOn(event -> event.name().equals("cron.retries-exhausted"))
                    .hasSize(6);
        }
    }
}
