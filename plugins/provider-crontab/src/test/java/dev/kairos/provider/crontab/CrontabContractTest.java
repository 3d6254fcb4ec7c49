package dev.kairos.provider.crontab;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.FireCommandLine;
import dev.kairos.api.env.Environment;
import dev.kairos.testkit.CronSchedulerContract;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with a stand-in for the crontab program and one for cron; a minute takes a second. */
final class CrontabContractTest extends CronSchedulerContract {
    private static StandInCron cron;

    @TempDir
    static Path folder;

    private static FireCommandLine command;
    private FastMachine machine;

    @BeforeAll
    static void cronBegins() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        command = job -> List.of("/opt/kairos/bin/kairos", "fire", job, "--home", home.toString());
        cron = StandInCron.begin();
    }

    @AfterAll
    static void cronEnds() {
        cron.end();
    }

    @AfterEach
    void cronRests() {
        cron.rest();
    }

    @Override
    protected CronScheduler create() {
        return new CrontabScheduler();
    }

    @Override
    protected Environment environment() {
        if (machine == null) {
            int safety = new HomeCommand(command, folder.resolve("home")).safetyMinute();
            machine = FastMachine.at((safety + 30) % 60); // far from the hourly wake-up
        }
        return machine;
    }

    @Override
    protected RecordingCronContext host(Environment environment) {
        try {
            StandInCrontab crontab = new StandInCrontab(Files.createTempDirectory(folder, "user"));
            Map<String, String> settings = Map.of("command", crontab.program().toString(), "timezone", "UTC");
            RecordingCronContext host =
                    new RecordingCronContext(environment, Duration.ofSeconds(60), MapSettings.of(settings));
            host.offer(FireCommandLine.class, command);
            cron.watch(crontab, host, () -> StandInHost.bound(host));
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
