package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.StopSignal;
import dev.kairos.api.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider as a host uses it, on a stand-in for the crontab program. */
final class CrontabSchedulerTest {
    private static final String FOREIGN = "MAILTO=ann\n# caf\u00e9\n5 5 * * * mine %in\n\n";
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @TempDir
    Path folder;

    private StandInCrontab crontab;
    private StandInHost host;
    private CrontabScheduler provider;

    @BeforeEach
    void aUserWithACrontab() throws IOException {
        crontab = new StandInCrontab(folder);
        crontab.edit(FOREIGN);
        host = home("home");
        provider = StandInHost.bound(host);
    }

    private StandInHost home(String name) throws IOException {
        StandInHost made = new StandInHost("2026-11-22T09:00:20Z", Files.createDirectories(folder.resolve(name)));
        made.set("command", crontab.program().toString());
        made.want("nine", "2026-11-23T08:00:00Z", Schedule.cron("0 9 * * *", WARSAW));
        return made;
    }

    @Test
    void aStartArmsAndReturnsAndAStopLeavesTheBlock() throws Exception {
        provider.start(new NoStop());
        assertThat(crontab.text()).startsWith(FOREIGN + "# >>> kairos ").contains("\n0 9 * * * /bin/sh -c ");
        assertThat(provider.health().state()).isEqualTo(ProviderHealth.State.HEALTHY);
        assertThat(armed()).containsExactly(entry("nine", Instant.parse("2026-11-23T08:00:00Z")));
        provider.stop();
        assertThat(crontab.text()).contains("fire nine");
        assertThat(provider.traits().outlivesProcess()).isTrue();
        assertThat(provider.traits().startBlocks()).isFalse();
    }

    @Test
    void nothingIsWrittenWhereNothingDiffers() throws IOException {
        provider.reconcile();
        String text = crontab.text();
        provider.reconcile();
        provider.onJobsChanged(JobChanges.of(Set.of("nine")));
        StandInHost.bound(host).reconcile();
        assertThat(crontab.writes()).isEqualTo(1);
        assertThat(crontab.text()).isEqualTo(text);
    }

    @Test
    void whatWasEditedByHandInsideIsHealedAndOutsideIsLeft() throws IOException {
        provider.reconcile();
        String text = crontab.text();
        crontab.edit("# new\n" + text.replace("\n0 9 * * *", "\n0 7 * * *") + "9 9 * * * theirs\n");
        provider.reconcile();
        assertThat(crontab.text()).isEqualTo("# new\n" + text + "9 9 * * * theirs\n");
        crontab.edit("only mine\n");
        provider.reconcile();
        assertThat(crontab.text()).startsWith("only mine\n# >>> kairos ").contains("fire nine");
    }

    @Test
    void aJobThatCameWentOrMovedIsFollowed() throws IOException {
        provider.reconcile();
        host.want("once", "2026-11-22T11:00:00Z", Schedule.once(Instant.parse("2026-11-22T11:00:00Z"), WARSAW));
        provider.onJobsChanged(JobChanges.of(Set.of("once")));
        assertThat(crontab.text()).contains("# job once at 2026-11-22T11:00:00Z\n0 12 22 11 * /bin/sh");
        host.want("once", "2026-11-22T12:30:00Z", Schedule.once(Instant.parse("2026-11-22T12:30:00Z"), WARSAW));
        provider.onJobsChanged(JobChanges.unknown());
        assertThat(crontab.text()).contains("\n30 13 22 11 * /bin/sh").doesNotContain("\n0 12 22 11 * ");
        host.wantNoMore("once");
        provider.reconcile();
        assertThat(crontab.text()).doesNotContain("once").contains("fire nine");
    }

    /** Cron looks at whole seconds: where it read between two writes of one, it would not read again. */
    @Test
    void theTableIsNotWrittenTwiceInOneSecond() throws IOException {
        Instant begun = host.environment().now();
        provider.reconcile();
        assertThat(host.environment().now())
                .as("nobody waits for a first write")
                .isEqualTo(begun);
        host.want("once", "2026-11-22T11:00:00Z", Schedule.once(Instant.parse("2026-11-22T11:00:00Z"), WARSAW));
        provider.onJobsChanged(JobChanges.of(Set.of("once")));
        assertThat(host.environment().now()).isEqualTo(begun.plusSeconds(1));
        host.wantNoMore("once");
        StandInHost.bound(host).reconcile(); // as another process would
        assertThat(host.environment().now()).isEqualTo(begun.plusSeconds(2));
        assertThat(crontab.text()).doesNotContain("fire once");
    }

    @Test
    void aUserWithoutACrontabGetsOne() throws IOException {
        Files.delete(crontab.file());
        provider.reconcile();
        assertThat(crontab.text()).startsWith("# >>> kairos ");
        provider.disarm();
        assertThat(crontab.text()).isEmpty();
    }

    @Test
    void whatIsTakenBackLeavesTheForeignLinesAsTheyWere() throws IOException {
        provider.reconcile();
        provider.disarm();
        assertThat(crontab.text()).isEqualTo(FOREIGN);
        provider.disarm();
        assertThat(crontab.writes()).isEqualTo(2);
    }

    @Test
    void twoHomesOfOneUserHaveABlockEach() throws IOException {
        StandInHost other = home("other");
        other.want("ten", "2026-11-23T09:00:00Z", Schedule.cron("0 10 * * *", WARSAW));
        CrontabScheduler another = StandInHost.bound(other);
        provider.reconcile();
        another.reconcile();
        provider.reconcile();
        assertThat(crontab.text().lines().filter(line -> line.startsWith("# >>> kairos ")))
                .hasSize(2);
        assertThat(crontab.entries())
                .filteredOn(line -> line.contains("fire nine"))
                .hasSize(2);
        provider.disarm();
        assertThat(crontab.text())
                .startsWith(FOREIGN)
                .contains("fire ten")
                .doesNotContain(folder.resolve("home") + "'");
        another.disarm();
        assertThat(crontab.text()).isEqualTo(FOREIGN);
    }

    @Test
    void aHomeReachedByALinkHasOneBlock() throws IOException {
        provider.reconcile();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("home"));
        host.fireBy(job -> List.of("/opt/kairos/bin/kairos", "fire", job, "--home", link.toString()));
        provider.reconcile();
        assertThat(crontab.text().lines().filter(line -> line.startsWith("# >>> kairos ")))
                .hasSize(1);
    }

    @Test
    void aDamagedFenceIsRefusedAndNothingIsWritten() throws IOException {
        provider.reconcile();
        String damaged = crontab.text().replaceFirst("# <<< kairos .*\n", "");
        crontab.edit(damaged);
        assertThatThrownBy(() -> provider.start(new NoStop())).hasMessageContainingAll("damaged", "crontab -e");
        assertThatThrownBy(provider::reconcile).hasMessageContaining("damaged");
        provider.onJobsChanged(JobChanges.unknown());
        assertThat(crontab.text()).isEqualTo(damaged);
        assertThat(provider.health().state()).isEqualTo(ProviderHealth.State.FAILING);
        assertThat(provider.health().detail()).contains("damaged");
        crontab.edit(FOREIGN);
        provider.reconcile();
        assertThat(provider.health().state()).isEqualTo(ProviderHealth.State.HEALTHY);
    }

    @Test
    void anEditByAnotherProcessBetweenReadingAndWritingIsKept() throws IOException {
        // at the second look, just before the write, somebody has added a line
        crontab.script("echo l >>'" + folder + "/looks'; [ $(wc -l <'" + folder
                + "/looks') -ne 2 ] || echo '6 6 * * * added' >>\"$table\"");
        provider.reconcile();
        assertThat(crontab.text()).contains("6 6 * * * added\n", "5 5 * * * mine", "fire nine");
        assertThat(crontab.writes()).isEqualTo(1);
    }

    @Test
    void aBlockThatAnotherProcessOverwroteIsWrittenAgain() throws IOException {
        // at the third look, just after the write, somebody's older copy is back
        crontab.script("echo l >>'" + folder + "/looks'; [ $(wc -l <'" + folder
                + "/looks') -ne 3 ] || echo '7 7 * * * older' >\"$table\"");
        provider.reconcile();
        assertThat(crontab.text()).startsWith("7 7 * * * older\n# >>> kairos ").contains("fire nine");
        assertThat(crontab.writes()).isEqualTo(2);
    }

    @Test
    void aCrontabThatNeverRestsIsLeftAndSaid() throws IOException {
        crontab.script("date +%N >>\"$table\"");
        assertThatThrownBy(provider::reconcile).hasMessageContaining("changes the crontab all the time");
    }

    @Test
    void aProgramThatRefusesIsSaidWithItsOwnWords() throws IOException {
        crontab.script("echo 'you (ann) are not allowed to use this program (crontab)' >&2; exit 1");
        assertThatThrownBy(provider::reconcile)
                .hasMessageContainingAll("(ann) are not allowed", "cron.allow", "as it was");
        assertThat(provider.health().detail()).contains("not allowed");
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidWithoutAClassOfJava() throws IOException {
        Files.createDirectories(folder.resolve("home/logs/crontab.log.1/full"));
        Files.write(Files.createFile(folder.resolve("home/logs/crontab.log")), new byte[(1 << 20) + 1]);
        assertThatThrownBy(provider::reconcile)
                .hasMessageContaining("crontab.log.1")
                .hasMessageNotContaining("Exception");
        assertThat(provider.health().detail()).doesNotContain("Exception");
    }

    @Test
    void aJobThatCannotBeArmedIsInTheHealthAndTheOthersAreArmed() throws IOException {
        host.want("beat", "2026-11-22T09:01:00Z", Schedule.interval(Duration.ofSeconds(2), WARSAW));
        provider.reconcile();
        assertThat(provider.health().state()).isEqualTo(ProviderHealth.State.FAILING);
        assertThat(provider.health().detail()).contains("job beat: every 2 s is too often");
        assertThat(crontab.text()).contains("fire nine").doesNotContain("fire beat");
        host.wantNoMore("beat");
        provider.reconcile();
        assertThat(provider.health().state()).isEqualTo(ProviderHealth.State.HEALTHY);
    }

    @Test
    void aProcessThatOnlyLooksFindsTheJobThatCannotBeArmed() throws Exception {
        host.want("beat", "2026-11-22T09:01:00Z", Schedule.interval(Duration.ofSeconds(2), WARSAW));
        provider.reconcile();
        CrontabScheduler other = StandInHost.bound(host);
        other.capability(ArmedTriggers.class).orElseThrow().armed();
        assertThat(other.health().state()).isEqualTo(ProviderHealth.State.FAILING);
        assertThat(other.health().detail()).contains("job beat: every 2 s is too often");
    }

    @Test
    void itIsNotAvailableWithoutACommandThatFiresOrAProgramThatArms() {
        assertThat(provider.isAvailable()).isTrue();
        host.set("command", folder.resolve("nowhere").toString());
        assertThatThrownBy(provider::isAvailable).hasMessageContainingAll("there is no program", "install cron");
        host.embed();
        assertThatThrownBy(provider::isAvailable)
                .hasMessageContainingAll("no command fires", "embeds Kairos", "builtin");
        host.fireBy(job -> List.of("/opt/kairos/bin/kairos", "fire", job));
        assertThatThrownBy(provider::isAvailable).hasMessageContaining("names no home");
    }

    @Test
    void settingsWithoutAMeaningAreRefusedWithTheirPath() {
        host.set("mode", "anacron");
        assertThatThrownBy(provider::isAvailable).hasMessageContaining("cron.crontab.mode");
        host.set("mode", "crontab");
        host.set("timezone", "Mars/Olympus");
        assertThatThrownBy(provider::isAvailable).hasMessageContaining("cron.crontab.timezone");
        host.set("timezone", "UTC");
        host.set("shortest_interval", "2m");
        assertThatThrownBy(provider::isAvailable).hasMessageContaining("cron.crontab.shortest_interval");
    }

    @Test
    void theLogIsPrivateToTheHomeAndTurnedOverWhenItIsLong() throws IOException {
        provider.reconcile();
        Path log = folder.resolve("home/logs/crontab.log");
        assertThat(log).exists();
        Files.write(log, new byte[(1 << 20) + 1]);
        provider.reconcile();
        assertThat(log).isEmptyFile();
        assertThat(folder.resolve("home/logs/crontab.log.1")).exists();
    }

    @Test
    void itTellsWhatStandsArmedAndWhatIsNotAsItShouldBe() throws Exception {
        Instant nine = Instant.parse("2026-11-23T08:00:00Z");
        host.want("once", "2026-11-22T11:00:00Z", Schedule.once(Instant.parse("2026-11-22T11:00:00Z"), WARSAW));
        host.want("late", "2026-11-22T08:00:00Z", Schedule.once(Instant.parse("2026-11-22T08:00:00Z"), WARSAW));
        assertThat(armed()).isEmpty();
        provider.reconcile();
        assertThat(armed())
                .containsOnly(
                        entry("nine", nine),
                        entry("once", Instant.parse("2026-11-22T11:00:00Z")),
                        entry("late", Instant.parse("2026-11-22T08:00:00Z")));
        crontab.edit(crontab.text().replace("\n0 9 * * *", "\n0 7 * * *"));
        host.wantNoMore("once");
        assertThat(armed()).containsEntry("once", Instant.EPOCH).containsEntry("nine", Instant.EPOCH);
    }

    private Map<String, Instant> armed() throws Exception {
        return provider.capability(ArmedTriggers.class).orElseThrow().armed();
    }

    /** Never raised: start returns by itself. */
    private record NoStop() implements StopSignal {
        @Override
        public boolean isRaised() {
            return false;
        }

        @Override
        public boolean await(Duration atMost) {
            return false;
        }

        @Override
        public void onRaise(Runnable action) {}
    }
}
