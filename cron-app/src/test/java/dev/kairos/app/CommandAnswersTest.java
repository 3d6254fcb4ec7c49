package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.WatchedOutput;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say, and to whom: the truth about the job as it is stored, and nothing that leads nowhere. */
class CommandAnswersTest {
    @TempDir
    Path folder;

    private Path home;
    private Cli cli;

    @BeforeEach
    void open() throws IOException {
        home = folder.resolve("home");
        cli = Cli.at(home);
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("scripts").resolve("beat.sh"), "echo hello\n");
    }

    private Cli.Result add(String... more) {
        String[] words = new String[more.length + 4];
        words[0] = "add";
        words[1] = "--json";
        words[2] = "--no-agent";
        words[3] = "--script=beat.sh";
        System.arraycopy(more, 0, words, 4, more.length);
        return cli.done(words);
    }

    private static List<?> understood(Cli.Result result) {
        return (List<?>) ((Map<?, ?>) result.json().get("understood")).get("next");
    }

    private static Map<?, ?> job(Cli.Result result) {
        return (Map<?, ?>) result.json().get("job");
    }

    private Path file(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theInstantsThatAreEchoedAreThoseOfTheStoredJob() throws IOException {
        Path jobs = file("jobs.json", """
                [{"id": "a1", "name": "beat", "schedule": "every 2h", "script": "beat.sh", "no_agent": true,
                  "next_run_at": "2099-01-01T12:34:56Z"},
                 {"id": "d1", "name": "done", "schedule": "every 2h", "script": "beat.sh", "no_agent": true,
                  "state": "completed", "repeat": {"times": 1, "completed": 1}, "enabled": false}]
                """);
        cli.done("import", jobs.toString());

        Cli.Result edited = cli.done("edit", "beat", "--tz", "Europe/Warsaw", "--json");

        assertThat(understood(edited).get(0)).isEqualTo(job(edited).get("next_run_at"));
        assertThat(understood(cli.done("resume", "done", "--json"))).isEmpty();
        assertThat(understood(add("every 1h", "--repeat", "2"))).hasSize(2);
    }

    @Test
    void aJobThatNothingHereCanRunIsSavedAndSaid() {
        Cli.Result added = cli.done("add", "every 1h", "say hi", "--name", "hi");

        assertThat(added.out()).contains("Added", "nothing here can run it", "agent");
        assertThat(cli.run("doctor").out()).contains("Work nobody can run", "\"hi\"");
        assertThat(cli.done("add", "every 1h", "say ho", "--name", "HI").out()).contains("Another job has this name");
    }

    @Test
    void aRecordSetAsideIsNamedWithItsReason() throws IOException {
        cli.input("[{\"id\": \"bad1\", \"prompt\": \"p\", \"schedule\": \"every blue moon\"}]")
                .run("import", "-");

        assertThat(cli.done("show", "bad1").out())
                .contains("set aside", "blue moon")
                .doesNotContain("not ours");
        assertThat(cli.run("doctor").out())
                .contains("Records set aside", "blue moon")
                .doesNotContain("cannot be computed");
    }

    @Test
    void theFirstImportSaysWhatItTook() throws IOException {
        file("home/cron/jobs.json", "[{\"id\": \"no id!\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}]");

        Cli.Result list = cli.done("list");

        assertThat(list.err()).contains("took over", "1 jobs, 0 set aside", "it is now", "jobs.json.imported-");
        assertThat(cli.done("list").err()).isEmpty();
    }

    @Test
    void adviceLeadsOn() throws IOException {
        file("home/cron/jobs.json", "{oops");
        assertThat(cli.run("list").refusedPlainly(1).err()).contains("mv ").doesNotContain("kairos export");
        Files.delete(home.resolve("cron").resolve("jobs.json"));
        Path bad = file("bad.json", "{oops");
        assertThat(cli.run("import", bad.toString()).refusedPlainly(2).err()).doesNotContain("kairos export");
        cli.run("import", folder.resolve("none.json").toString()).refusedPlainly(3);
        Cli other = Cli.at(folder.resolve("other"));
        file("other/cron/state.db", "this is no database, and long enough to tell".repeat(100));
        assertThat(other.run("list").refusedPlainly(1).err())
                .contains("is no SQLite file", "  put a backup in its place");
        cli.run("--json").refusedPlainly(2);
    }

    @Test
    void aRefusalThatIsNoWrongUseHasFailed() {
        String id = String.valueOf(job(add("every 1h")).get("id"));

        cli.run("cancel", id, "--execution", "0000").refusedPlainly(3);
        assertThat(cli.run("export", folder.toString()).exit()).isEqualTo(1);
    }

    @Test
    void anExportWritesOverNothingThatIsNoListOfJobs() throws IOException {
        add("every 1h");
        Path letter = file("letter.txt", "dear reader");
        assertThat(cli.run("export", letter.toString()).refusedPlainly(1).err())
                .contains("is there and holds no jobs", "--overwrite");
        assertThat(letter).hasContent("dear reader");
        assertThat(cli.done("export", letter.toString(), "--overwrite").out()).contains("Wrote over " + letter);
        assertThat(cli.done("export", letter.toString()).out()).contains("Wrote over " + letter);

        Path deep = folder.resolve("none").resolve("jobs.json");
        assertThat(cli.run("export", deep.toString()).refusedPlainly(1).err()).contains("there is no folder");
        assertThat(deep.getParent()).doesNotExist();
        assertThat(cli.run("export", folder.toString()).refusedPlainly(1).err())
                .contains(folder + " is a folder", "name a file in it");
    }

    @Test
    void anExportSaysWhereItKeptADamagedFileAndDoctorWhatThatIs() throws IOException {
        add("every 1h");
        file("home/cron/jobs.json", "{oops");
        assertThat(cli.done("export").out()).contains("Wrote ", "is kept as ", "jobs.json.conflict-");
        assertThat(cli.run("doctor").out())
                .contains("is a jobs.json that could not be read and was written anew")
                .doesNotContain("met a newer one");
    }

    @Test
    void noTimeAtAllIsGivenBackAsItIsWritten() {
        assertThat(cli.run("add", "every 1h", "--script", "a.sh", "--no-agent", "--timeout", "0s")
                        .refusedPlainly(2)
                        .err())
                .contains("given: \"0s\"");
    }

    @Test
    void aStoreThatForgetsTakesNoJobs() throws IOException {
        file("home/config.yaml", "store:\n  url: \"memory:\"\ncron:\n  timezone: Mars/Base\n");

        assertThat(cli.run("add", "every 1h", "x").err()).contains("forgets everything");
        assertThat(cli.done("next", "every 1h").err()).contains("Mars/Base");
    }

    @Test
    void outputThatIsLostHasFailedUnlessItsReaderLeft() {
        assertThat(exitWhenWritingFailsWith("No space left on device")).isEqualTo(1);
        assertThat(exitWhenWritingFailsWith("Broken pipe")).isZero();
    }

    private int exitWhenWritingFailsWith(String trouble) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream out = WatchedOutput.buffered(new OutputStream() {
            @Override
            public void write(int sign) throws IOException {
                throw new IOException(trouble);
            }
        });
        Io io = new Io(
                InputStream.nullInputStream(),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HOME", home.toString()),
                Io.Terminals.NONE);
        int exit = Kairos.run(new String[] {"version"}, io, new SystemEnvironment());
        assertThat(err.toString(StandardCharsets.UTF_8).isEmpty()).isEqualTo(exit == 0);
        return exit;
    }
}
