package dev.kairos.testkit.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.store.Amendment;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import dev.kairos.orchestrator.mirror.MirrorReport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobsMirrorTest {
    @TempDir
    Path folder;

    private Mirrored home;

    @BeforeEach
    void open() {
        home = new Mirrored(folder);
    }

    @Nested
    class StoreToFile {
        @Test
        void aChangedDefinitionIsWrittenAndARunIsNot() {
            Job job = home.create("beat", "every 1h");
            home.mirror.writeIfChanged();
            String first = home.text();
            assertThat(first)
                    .contains("\"id\" : \"" + job.id() + "\"", "\"store_id\" : \"store-one\"", "\"revision\" : 1")
                    .contains("\"prompt\" : \"look at beat\"", "\"state\" : \"scheduled\"");
            home.time.advance(Duration.ofMinutes(5));
            run(job);
            home.mirror.writeIfChanged();
            assertThat(home.text()).isEqualTo(first);
            home.edit("beat", "name", "pulse");
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("pulse", "\"revision\" : 2");
        }

        @Test
        void theCourtesyCopyCarriesWhereJobsStand() {
            Job job = home.create("beat", "every 1h");
            home.mirror.writeCourtesyCopy();
            String first = home.text();
            home.time.advance(Duration.ofMinutes(5));
            home.mirror.writeCourtesyCopy();
            assertThat(home.text()).isEqualTo(first);
            run(job);
            home.mirror.writeCourtesyCopy();
            assertThat(home.text()).contains("\"run_count\" : 7");
            home.touch();
            assertThat(home.another().syncFromFile().hasChanges()).isFalse();
            assertThat(home.job(job.id()).engine().runCount()).isEqualTo(7);
        }

        @Test
        void aMissingFileIsWrittenAgainAndRemovesNothing() throws IOException {
            home.create("beat", "every 1h");
            home.mirror.writeIfChanged();
            Files.delete(home.file);
            assertThat(home.mirror.syncFromFile().kind()).isEqualTo(Kind.MISSING);
            home.mirror.writeIfChanged();
            assertThat(home.operations.list()).hasSize(1);
            assertThat(home.text()).contains("beat");
        }

        @Test
        void aStoreThatNeverHadAJobWritesNoFile() {
            home.mirror.writeIfChanged();
            home.mirror.writeCourtesyCopy();
            assertThat(home.file).doesNotExist();
        }

        @Test
        void whatWasWrittenReadsBackAsNoChange() {
            home.create("beat", "every 90s");
            home.create("daily", "CRON_TZ=Europe/Warsaw weekdays at 9am");
            home.create("once", "2027-06-01T09:00:00");
            home.operations.pause("daily", Optional.of("holiday"));
            home.mirror.writeIfChanged();
            home.touch();
            String before = home.text();
            List<Job> jobs = home.operations.list();
            JobsMirror fresh = home.another();
            MirrorReport report = fresh.syncFromFile();
            assertThat(report.hasChanges()).isFalse();
            assertThat(report.messages()).isEmpty();
            fresh.writeIfChanged();
            assertThat(home.text()).isEqualTo(before);
            assertThat(home.operations.list()).isEqualTo(jobs);
        }

        private void run(Job job) {
            home.store
                    .claims()
                    .decide(
                            job.id(),
                            view -> Amendment.builder()
                                    .engine(view.job().orElseThrow().engine().toBuilder()
                                            .runCount(7)
                                            .build())
                                    .build());
        }
    }

    @Nested
    class FileToStore {
        private Job job;

        @BeforeEach
        void write() {
            job = home.create("beat", "every 1h");
            home.mirror.writeIfChanged();
        }

        @Test
        void aHandEditIsAnOrdinaryUpdate() {
            home.handReplace("look at beat", "listen to the beat");
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.updated()).containsExactly(job.id());
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("listen to the beat");
            assertThat(home.job(job.id()).version()).isEqualTo(2);
            assertThat(home.job(job.id()).engine()).isEqualTo(job.engine());
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("listen to the beat", "\"revision\" : 2");
            assertThat(home.conflictCopies()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void anEditSavedWhileTheFileIsBeingWrittenAnewIsNotOverwritten(int reads) {
            HostFiles disk = home.time.files();
            home.edit("beat", "name", "pulse");
            home.time.files(new BusyFolder(disk, reads, () -> home.handReplace("look at beat", "listen to the beat")));

            home.mirror.writeIfChanged();

            home.time.files(disk);
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("pulse", "listen to the beat");
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("listen to the beat");
        }

        @Test
        void anEditThatComesWithAFileThatWasGoneAtTheLastLookIsNotOverwritten() throws IOException {
            String edited = home.text().replace("look at beat", "listen to the beat");
            HostFiles disk = home.time.files();
            home.edit("beat", "name", "pulse");
            Files.delete(home.file);
            home.time.files(new CheckedOut(disk, () -> home.hand(edited)));

            home.mirror.writeIfChanged();

            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("listen to the beat");
            assertThat(home.text()).contains("pulse", "listen to the beat");
        }

        @Test
        void anUntouchedFileIsNotLookedAtTwice() {
            home.time.advance(Duration.ofSeconds(5));
            assertThat(home.mirror.syncFromFile().kind()).isEqualTo(Kind.UNCHANGED);
            assertThat(home.mirror.syncFromFile().kind()).isEqualTo(Kind.UNCHANGED);
        }

        @Test
        void twoEditsWithinOneStampAreBothSeen() throws IOException {
            Instant stamp = home.time.now();
            Files.writeString(home.file, home.text().replace("look at beat", "one"));
            Files.setLastModifiedTime(home.file, FileTime.from(stamp));
            home.mirror.syncFromFile();
            Files.writeString(home.file, home.text().replace("\"one\"", "\"two\""));
            Files.setLastModifiedTime(home.file, FileTime.from(stamp));
            home.mirror.syncFromFile();
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("two");
        }

        @Test
        void anEditorThatSavesTwiceDoesNotConflictWithItself() {
            String opened = home.text();
            home.hand(opened.replace("look at beat", "one"));
            home.mirror.writeIfChanged();
            home.hand(opened.replace("look at beat", "two"));
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("two");
            assertThat(home.conflictCopies()).isEmpty();
        }

        @Test
        void anEditorThatGoesBackToWhatItOpenedTakesItsEditBack() {
            String opened = home.text();
            home.hand(opened.replace("look at beat", "one"));
            home.mirror.writeIfChanged();
            home.hand(opened);
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("look at beat");
            assertThat(home.conflictCopies()).isEmpty();
        }

        @Test
        void aFileAsTheStoreWroteItIsNotReadJobByJob() {
            JobsMirror fresh = home.another();
            assertThat(fresh.syncFromFile().kind()).isEqualTo(Kind.UNCHANGED);
            home.handReplace("look at beat", "look at boat");
            assertThat(home.another().syncFromFile().updated()).containsExactly(job.id());
        }

        @Test
        void engineFieldsOfTheFileAreIgnored() {
            home.handReplace("\"run_count\" : 0", "\"run_count\" : 99");
            assertThat(home.mirror.syncFromFile().hasChanges()).isFalse();
            assertThat(home.job(job.id()).engine().runCount()).isZero();
        }

        @Test
        void aNewScheduleByHandMovesTheNextInstant() {
            home.handReplace("\"seconds\" : 3600", "\"seconds\" : 7200");
            home.mirror.syncFromFile();
            assertThat(home.job(job.id()).engine().nextRunAt())
                    .contains(home.time.now().plus(Duration.ofHours(2)));
        }

        @Test
        void enabledByHandPausesAndResumes() {
            home.handReplace("\"enabled\" : true", "\"enabled\" : false");
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.PAUSED);
            home.handReplace("\"enabled\" : false", "\"enabled\" : true");
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
        }

        @Test
        void aRecordAddedByHandIsCreated() {
            home.handReplace(
                    "\"jobs\" : [",
                    "\"jobs\" : [ {\"id\": \"mine\", \"prompt\": \"new\", \"schedule\": \"every 2h\"},");
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.created()).containsExactly("mine");
            assertThat(home.job("mine").engine().nextRunAt())
                    .contains(home.time.now().plus(Duration.ofHours(2)));
            assertThat(home.mirror.syncFromFile().kind()).isEqualTo(Kind.UNCHANGED);
        }

        @Test
        void aRecordTakenOutByHandIsRemoved() {
            Job other = home.create("other", "every 1h");
            home.mirror.writeIfChanged();
            String whole = home.text();
            home.operations.remove(job.id());
            home.mirror.writeIfChanged();
            String without = home.text();
            assertThat(whole).contains(job.id());
            home.hand(without.replaceAll("(?s)\"jobs\" : \\[.*\\],\\s*\"store_id\"", "\"jobs\" : [],\n\"store_id\""));
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.removed()).containsExactly(other.id());
            assertThat(home.operations.list()).isEmpty();
        }

        @Test
        void aFieldChangedOnBothSidesKeepsTheStoredValueAndTheHandFile() {
            home.edit("beat", "prompt", "from the command");
            home.handReplace("look at beat", "from the file");
            String hand = home.text();
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("from the command");
            assertThat(home.conflictCopies())
                    .singleElement()
                    .satisfies(copy -> assertThat(copy).hasContent(hand));
            assertThat(report.conflictCopy()).isPresent();
            assertThat(report.messages()).anyMatch(message -> message.contains("prompt"));
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("from the command").doesNotContain("from the file");
        }

        @Test
        void differentFieldsChangedOnBothSidesAreMerged() {
            home.edit("beat", "prompt", "from the command");
            home.handReplace("\"name\" : \"beat\"", "\"name\" : \"pulse\"");
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).definition().get(JobField.PROMPT)).contains("from the command");
            assertThat(home.job(job.id()).definition().name()).isEqualTo("pulse");
            assertThat(home.conflictCopies()).isEmpty();
            assertThat(home.text()).contains("from the command", "pulse");
        }

        @Test
        void aRemovedJobIsNeverRevivedByAStaleFile() {
            String stale = home.text();
            home.operations.remove("beat");
            home.hand(stale);
            assertThat(home.mirror.syncFromFile().created()).isEmpty();
            home.hand(stale.replace("look at beat", "edited"));
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(home.operations.list()).isEmpty();
            assertThat(report.conflictCopy()).isPresent();
        }

        @Test
        void aFileOlderThanTheKeptRevisionsRevivesAndRemovesNothing() {
            String stale = home.text();
            home.operations.remove("beat");
            for (int i = 0; i < 60; i++) {
                home.create("job " + i, "every 1h");
            }
            home.hand(stale + " ");
            JobsMirror fresh = home.another();
            MirrorReport report = fresh.syncFromFile();
            assertThat(report.hasChanges()).isFalse();
            assertThat(report.conflictCopy()).isPresent();
            assertThat(home.operations.list()).hasSize(60);
            fresh.writeIfChanged();
            assertThat(home.text()).contains("job 59").doesNotContain("\"beat\"");
        }

        @Test
        void aFileAheadOfAStoreThatWasRestoredIsKeptBeside() {
            home.hand(home.text());
            for (int i = 0; i < 3; i++) {
                home.edit("beat", "prompt", "later " + i);
            }
            home.mirror.writeIfChanged();
            String ahead = home.text();
            Mirrored restored = new Mirrored(folder);
            restored.create("beat", "every 1h");
            restored.hand(ahead);
            MirrorReport report = restored.mirror.syncFromFile();
            assertThat(report.conflictCopy()).isPresent();
            restored.mirror.writeIfChanged();
            assertThat(restored.text()).contains("look at beat", "\"revision\" : 1");
        }

        @Test
        void anotherToolsFilePutInPlaceAddsItsJobsAndRemovesNone() {
            home.hand("[{\"id\": \"job_abc123\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}]");
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.created()).containsExactly("job_abc123");
            assertThat(home.operations.list()).hasSize(2);
        }

        @Test
        void anEmptyListPutInPlaceRemovesNothingAndIsKeptBeside() {
            home.hand("{\"jobs\": []}");
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.hasChanges()).isFalse();
            assertThat(report.conflictCopy()).isPresent();
            assertThat(report.messages()).anyMatch(text -> text.contains("not in the file: 1"));
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("beat");
        }

        @Test
        void theFileOfAnotherHomeChangesNothing() {
            home.hand(home.text().replace("store-one", "store-two").replace(job.id(), "0123456789ab"));
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.hasChanges()).isFalse();
            assertThat(report.conflictCopy()).isPresent();
            assertThat(home.operations.list()).hasSize(1);
        }

        @Test
        void aRecordThatCannotBeReadIsSetAsideAndTheOthersGoOn() {
            Job other = home.create("other", "every 1h");
            home.mirror.writeIfChanged();
            home.handReplace("\"prompt\" : \"look at beat\"", "\"prompt\" : \"look at beat\", \"jitter\" : \"banana\"");
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.setAside()).containsExactly(job.id());
            Job bad = home.job(job.id());
            assertThat(bad.engine().state()).isEqualTo(JobState.ERROR);
            assertThat(bad.engine().dueAt()).isEmpty();
            assertThat(SetAside.reason(bad.definition()).orElseThrow()).contains("jitter", "banana");
            assertThat(home.job(other.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("\"jitter\" : \"banana\"").doesNotContain("set_aside");
            home.touch();
            assertThat(home.another().syncFromFile().hasChanges()).isFalse();

            home.handReplace("banana", "5m");
            assertThat(home.mirror.syncFromFile().updated()).containsExactly(job.id());
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(home.job(job.id()).definition().get(JobField.JITTER)).contains(Duration.ofMinutes(5));
            assertThat(home.job(job.id()).definition().unknown()).isEmpty();
        }

        @Test
        void aStoredJobThatCannotBeReadHereIsWrittenAsItIsAndAFileThatIsSavedAnewChangesNothingOfIt() {
            Job other = home.create("other", "every 1h");
            Map<String, Object> tree = new LinkedHashMap<>(job.definition().toMap());
            tree.put("schedule", Map.of("kind", "cron", "expr", "0 9 * * *", "timezone", "Mars/Olympus_Mons"));
            JobDefinition odd = JobDefinition.fromStore(tree);
            home.store
                    .claims()
                    .decide(
                            job.id(),
                            view -> Amendment.builder().definition(odd).build());
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("Mars/Olympus_Mons", "\"state\" : \"error\"");

            home.handReplace("look at other", "listen");
            MirrorReport report = home.mirror.syncFromFile();

            assertThat(report.updated()).containsExactly(other.id());
            assertThat(report.setAside()).isEmpty();
            assertThat(report.messages()).isEmpty();
            assertThat(home.job(job.id()).definition()).isEqualTo(odd);

            home.mirror.writeIfChanged();
            home.handReplace("Mars/Olympus_Mons", "Europe/Warsaw");
            assertThat(home.mirror.syncFromFile().updated()).containsExactly(job.id());
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
        }

        @Test
        void whatWouldHaveBeenDueWhileARecordCouldNotBeReadIsOneSkipRow() {
            Instant first = job.engine().nextRunAt().orElseThrow();
            home.handReplace("\"seconds\" : 3600", "\"seconds\" : 0");
            home.mirror.writeIfChanged();
            home.time.advance(Duration.ofHours(2));
            home.handReplace("\"seconds\" : 0", "\"seconds\" : -1");
            home.mirror.writeIfChanged();
            home.time.advance(Duration.ofHours(1));
            home.handReplace("\"seconds\" : -1", "\"seconds\" : 3600");

            assertThat(home.mirror.syncFromFile().messages()).anyMatch(note -> note.contains("3 occurrences from"));
            assertThat(home.rows(job.id())).singleElement().satisfies(row -> {
                assertThat(row.reason()).contains("set_aside");
                assertThat(row.missed()).contains(new Missed(first, first.plus(Duration.ofHours(2)), 3));
            });
            assertThat(home.job(job.id()).engine().nextRunAt())
                    .contains(home.time.now().plus(Duration.ofHours(1)));
            assertThat(home.job(job.id()).definition().unknown()).isEmpty();
        }

        @Test
        void aRecordWithAnIdThatCannotBeOneIsTheSameJobOnceMended() {
            home.handReplace(
                    "\"jobs\" : [",
                    "\"jobs\" : [ {\"id\": \"../x\", \"prompt\": \"p\", \"schedule\": \"every potato\"},");
            List<String> setAside = home.mirror.syncFromFile().setAside();
            home.mirror.writeIfChanged();
            home.handReplace("every potato", "every 2h");

            MirrorReport mended = home.mirror.syncFromFile();

            assertThat(setAside).hasSize(1);
            assertThat(mended.updated()).isEqualTo(setAside);
            assertThat(mended.removed()).isEmpty();
            assertThat(mended.created()).isEmpty();
        }

        @Test
        void aOneShotWhoseRecordIsMendedAfterItsInstantIsStillDue() {
            Instant at = home.time.now().plus(Duration.ofMinutes(1));
            Job once = home.create("once", at.toString());
            home.mirror.writeIfChanged();
            home.handReplace("\"prompt\" : \"look at once\"", "\"prompt\" : \"look at once\", \"jitter\" : \"banana\"");
            home.mirror.writeIfChanged();
            home.time.advance(Duration.ofMinutes(1));
            home.handReplace("banana", "");
            home.mirror.writeIfChanged();

            assertThat(home.rows(once.id())).isEmpty();
            assertThat(home.job(once.id()).engine().dueAt()).contains(at);
        }

        @Test
        void aPausedJobMayBeBrokenResumedAndMended() {
            home.operations.pause(job.id(), Optional.empty());
            home.mirror.writeIfChanged();
            home.handReplace("\"seconds\" : 3600", "\"seconds\" : 0");
            home.mirror.writeIfChanged();
            home.operations.resume(job.id(), ResumeMode.NEXT);
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.ERROR);
            home.mirror.writeIfChanged();
            home.handReplace("\"seconds\" : 0", "\"seconds\" : 3600");
            home.mirror.writeIfChanged();
            home.operations.resume(job.id(), ResumeMode.NEXT); // the record that was mended says paused
            assertThat(home.job(job.id()).engine().dueAt()).isPresent();
        }

        @Test
        void anEditorMayBreakARecordAndMendItWithoutReloading() {
            String opened = home.text();
            home.hand(opened.replace("\"seconds\" : 3600", "\"seconds\" : 0"));
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.ERROR);
            home.hand(opened.replace("look at beat\"", "look at beat\", \"jitter\": \"40m\""));
            home.mirror.writeIfChanged();
            assertThat(SetAside.reason(home.job(job.id()).definition()).orElseThrow())
                    .contains("half");
            home.hand(opened.replace("look at beat\"", "look at beat\", \"jitter\": \"4m\""));
            home.mirror.writeIfChanged();
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(home.job(job.id()).definition().get(JobField.JITTER)).contains(Duration.ofMinutes(4));
            assertThat(home.conflictCopies()).isEmpty();
        }

        @Test
        void unknownFieldsAreKeptThroughARewrite() {
            home.handReplace("\"prompt\" :", "\"colour\" : {\"red\": [1, 2.5, null, true]}, \"prompt\" :");
            home.handReplace("\"jobs\" :", "\"comment\" : \"mine\", \"jobs\" :");
            home.mirror.writeIfChanged();
            home.edit("beat", "name", "pulse");
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("colour", "2.5", "\"comment\" : \"mine\"", "pulse");
        }

        @Test
        void twoProcessesThatReadTheSameEditMakeItOnce() {
            home.handReplace("\"jobs\" : [", "\"jobs\" : [ {\"prompt\": \"new\", \"schedule\": \"every 2h\"},");
            home.handReplace("look at beat", "edited");
            JobsMirror one = home.another();
            JobsMirror two = home.another();
            one.syncFromFile();
            two.syncFromFile();
            assertThat(home.operations.list()).hasSize(2);
            assertThat(home.job(job.id()).version()).isEqualTo(2);
            assertThat(home.conflictCopies()).isEmpty();
            one.writeIfChanged();
            two.writeIfChanged();
            assertThat(home.another().syncFromFile().hasChanges()).isFalse();
            assertThat(home.operations.list()).hasSize(2);
        }

        @Test
        void aFileThatLagsBehindTheStoreIsWrittenAnew() {
            String lagging = home.text();
            home.edit("beat", "name", "pulse");
            home.mirror.writeIfChanged();
            home.hand(lagging);
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("pulse", "\"revision\" : 2");
        }
    }

    @Nested
    class Damaged {
        private Job job;

        @BeforeEach
        void write() {
            job = home.create("beat", "every 1h");
            home.mirror.writeIfChanged();
        }

        @Test
        void aDamagedFileIsNeverOverwrittenAndTheJobsGoOn() {
            String torn = home.text().substring(0, 100);
            home.hand(torn);
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.kind()).isEqualTo(Kind.DAMAGED);
            assertThat(report.messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message).contains("line", "kairos export", "left as it is"));
            home.edit("beat", "name", "pulse");
            home.mirror.writeIfChanged();
            home.mirror.writeCourtesyCopy();
            assertThat(home.text()).isEqualTo(torn);
            assertThat(home.mirror.syncFromFile().kind()).isEqualTo(Kind.DAMAGED);
            assertThat(home.job(job.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
        }

        @Test
        void aMendedFileIsMergedAgain() {
            String whole = home.text();
            home.hand(whole.substring(0, 100));
            home.mirror.syncFromFile();
            home.edit("beat", "name", "pulse");
            home.hand(whole.replace("look at beat", "edited"));
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("pulse", "edited");
        }

        @Test
        void anExportIsWrittenOverADamagedFileWhichIsKept() {
            home.hand("{ not json");
            JobsMirror.Exported exported = home.mirror.export(Optional.empty());
            assertThat(exported.kept())
                    .hasValueSatisfying(copy -> assertThat(copy).hasContent("{ not json"));
            assertThat(home.text()).contains("look at beat");
            assertThat(home.conflictCopies())
                    .singleElement()
                    .satisfies(copy -> assertThat(copy).hasContent("{ not json"));
        }

        @Test
        void twoFilesKeptWithinOneSecondAreTwo() throws IOException {
            for (String damaged : List.of("{ not json", "{ nor this", "[")) {
                Files.writeString(home.file, damaged);
                home.mirror.export(Optional.empty());
            }
            assertThat(home.conflictCopies().stream().map(Mirrored::textOf))
                    .containsExactly("{ not json", "{ nor this", "[");
        }

        @Test
        void whatIsNoListOfJobsIsDamagedAndRemovesNothing() {
            for (String text : List.of(
                    "",
                    " ",
                    "3",
                    "null",
                    "{\"store_id\": \"store-one\", \"revision\": 1}",
                    "{\"jobs\": null}",
                    "{\"jobs\": 3}",
                    "{} {}",
                    "[".repeat(10_000),
                    "\u0000")) {
                home.hand(text);
                assertThat(home.mirror.syncFromFile().kind()).as(text).isEqualTo(Kind.DAMAGED);
            }
            assertThat(home.operations.list()).hasSize(1);
        }

        @Test
        void aFullDiskLeavesTheOldFileAndTheStoreAsTheyAre() {
            String before = home.text();
            HostFiles disk = home.time.files();
            home.edit("beat", "name", "pulse");
            home.time.files(new FullDisk(disk));
            assertThatThrownBy(() -> home.mirror.writeIfChanged())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("No space left");
            assertThat(home.text()).isEqualTo(before);
            assertThat(home.job(job.id()).definition().name()).isEqualTo("pulse");
            home.time.files(disk);
            home.mirror.writeIfChanged();
            assertThat(home.text()).contains("pulse");
        }

        @Test
        void aFileThatIsAFolderIsLeftAlone() throws IOException {
            Files.delete(home.file);
            Files.createDirectory(home.file);
            Files.writeString(home.file.resolve("inside"), "x");
            home.edit("beat", "name", "pulse");
            assertThat(home.mirror.syncFromFile().kind()).isEqualTo(Kind.DAMAGED);
            assertThat(home.job(job.id()).definition().name()).isEqualTo("pulse");
        }
    }

    @Nested
    class FirstImport {
        @Test
        void anUnparsableFileStopsTheStart() {
            home.hand("{\"jobs\": [");
            assertThatThrownBy(() -> home.mirror.syncFromFile())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("jobs.json")
                    .satisfies(refused -> assertThat(((InvalidInputException) refused).accepted())
                            .contains("by hand", "mv ")
                            .doesNotContain("kairos export"));
        }

        @Test
        void stateNextRunRepeatAndCountersAreAdopted() {
            home.hand("""
                    {"jobs": [{"id": "a", "name": "n", "prompt": "p", "schedule": {"kind": "interval", "minutes": 60},
                      "repeat": {"times": 9, "completed": 4}, "next_run_at": "2027-03-01T12:34:00+00:00",
                      "run_count": 11, "failure_streak": 2, "last_status": "error", "last_error": "boom",
                      "last_run_at": "2027-03-01T09:00:00Z", "last_duration_ms": 1500, "state": "scheduled"},
                     {"id": "b", "prompt": "p", "schedule": "every 1h", "next_run_at": "2027-03-01T08:00:00Z"},
                     {"id": "c", "prompt": "p", "schedule": "0 9 * * *", "state": "paused", "paused_reason": "why"},
                     {"id": "d", "prompt": "p", "schedule": {"kind": "once", "run_at": "2027-02-01T09:00:00Z"},
                      "repeat": {"times": 1, "completed": 1}, "state": "completed"},
                     {"id": "e", "prompt": "p", "schedule": {"kind": "once", "run_at": "2027-02-01T09:00:00Z"}}]}
                    """);
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(report.kind()).isEqualTo(Kind.IMPORTED);
            assertThat(report.created()).containsExactly("a", "b", "c", "d", "e");
            assertThat(home.job("a").engine()).satisfies(engine -> {
                assertThat(engine.nextRunAt()).contains(Instant.parse("2027-03-01T12:34:00Z"));
                assertThat(engine.dueAt()).contains(Instant.parse("2027-03-01T12:34:00Z"));
                assertThat(engine.completedCount()).isEqualTo(4);
                assertThat(engine.runCount()).isEqualTo(11);
                assertThat(engine.failureStreak()).isEqualTo(2);
                assertThat(engine.lastRun().status()).contains("error");
                assertThat(engine.lastRun().took()).contains(Duration.ofMillis(1500));
            });
            assertThat(home.job("a").definition().get(JobField.REPEAT)).contains(9);
            assertThat(home.job("b").engine().dueAt()).contains(Instant.parse("2027-03-01T08:00:00Z"));
            assertThat(home.job("c").engine().state()).isEqualTo(JobState.PAUSED);
            assertThat(home.job("c").engine().dueAt()).isEmpty();
            assertThat(home.job("c").definition().get(JobField.PAUSED_REASON)).contains("why");
            assertThat(home.job("d").engine().state()).isEqualTo(JobState.COMPLETED);
            assertThat(home.job("e").engine().dueAt()).contains(Instant.parse("2027-02-01T09:00:00Z"));
        }

        @Test
        void theNextRunOfAOneShotIsItsInstant() {
            home.hand("""
                    {"jobs": [
                     {"id": "a", "prompt": "p", "schedule": "30m", "next_run": "2027-03-01T18:00:00Z"},
                     {"id": "b", "prompt": "p", "schedule": "30m", "created_at": "2027-03-01T08:00:00Z",
                      "next_run_at": "2027-03-01T18:00:00Z"},
                     {"id": "c", "prompt": "p", "schedule": {"kind": "once", "run_at": "2027-03-01T08:30:00Z"},
                      "next_run_at": "2027-03-01T18:00:00Z", "last_run_at": "2027-03-01T08:30:00Z"},
                     {"id": "d", "prompt": "p", "schedule": "30m", "next_run": "2027-03-01T08:00:00Z"},
                     {"id": "e", "prompt": "p", "schedule": "30m", "created_at": "2027-03-01T08:00:00Z"}]}
                    """);
            home.mirror.syncFromFile();
            for (String id : List.of("a", "b", "c")) {
                Job job = home.job(id);
                assertThat(job.engine().dueAt()).as(id).contains(Instant.parse("2027-03-01T18:00:00Z"));
                assertThat(job.definition().schedule().runAt())
                        .isEqualTo(job.engine().nextRunAt());
            }
            assertThat(home.job("d").engine().dueAt()).as("a misfire").contains(Instant.parse("2027-03-01T08:00:00Z"));
            assertThat(home.job("e").engine().dueAt()).contains(Instant.parse("2027-03-01T08:30:00Z"));
        }

        @Test
        void aScheduleNamesItsZoneInOtherToolsWordsAndWhatIsNotKnownInItIsSaid() {
            home.hand("""
                    {"jobs": [{"id": "a", "prompt": "p",
                      "schedule": {"kind": "cron", "expr": "0 9 * * *", "tz": "Europe/Warsaw", "flavour": 1}}]}
                    """);
            MirrorReport report = home.mirror.syncFromFile();
            assertThat(home.job("a").definition().schedule().zone()).isEqualTo(ZoneId.of("Europe/Warsaw"));
            assertThat(report.messages()).anyMatch(text -> text.contains("job 1: schedule.flavour is not known"));
        }

        @Test
        void theFileAsItWasFoundIsKept() throws IOException {
            String found = "[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}]";
            home.hand(found);
            MirrorReport report = home.mirror.syncFromFile();
            home.mirror.writeIfChanged();
            assertThat(report.conflictCopy()).isEmpty();
            Path kept;
            try (Stream<Path> files = Files.list(home.file.getParent())) {
                kept = files.filter(file -> file.toString().contains("jobs.json.imported-"))
                        .findFirst()
                        .orElseThrow();
            }
            assertThat(Files.readString(kept)).isEqualTo(found);
            assertThat(report.messages()).anyMatch(text -> text.contains(kept.toString()));
        }

        @Test
        void aFileIsImportedOnce() {
            home.hand("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": \"every 1h\", \"run_count\": 5}]");
            home.mirror.writeIfChanged();
            home.operations.remove("a");
            assertThat(home.another().syncFromFile().created()).isEmpty();
            assertThat(home.operations.list()).isEmpty();
        }

        @Test
        void aLostStoreLetsRecurringJobsGoOnAndPausesOneShots() {
            Job beat = home.create("beat", "every 1h");
            Job once = home.create("once", "3h");
            home.mirror.writeIfChanged();
            Mirrored heir = new Mirrored(folder, "store-two");
            heir.time.advance(Duration.ofMinutes(150));
            MirrorReport report = heir.mirror.syncFromFile();
            assertThat(report.kind()).isEqualTo(Kind.STATE_LOST);
            assertThat(report.messages()).anyMatch(message -> message.contains("store-one"));
            assertThat(heir.job(beat.id()).engine().nextRunAt()).contains(Mirrored.START.plus(Duration.ofHours(3)));
            assertThat(heir.rows(beat.id())).singleElement().satisfies(row -> {
                assertThat(row.reason()).contains("state_lost");
                assertThat(row.missed().orElseThrow().count()).isEqualTo(2);
            });
            assertThat(heir.job(once.id()).engine().state()).isEqualTo(JobState.PAUSED);
            assertThat(heir.job(once.id()).engine().dueAt()).isEmpty();
            assertThat(heir.job(once.id())
                            .definition()
                            .get(JobField.PAUSED_REASON)
                            .orElseThrow())
                    .contains("state_lost");
            heir.mirror.writeIfChanged();
            assertThat(heir.text()).contains("store-two");
            assertThat(heir.another().syncFromFile().kind()).isEqualTo(Kind.UNCHANGED);
        }

        @Test
        void importIntoAStoreWithJobsPassesOverIdsThatExist() throws IOException {
            home.create("beat", "every 1h");
            Path other = folder.resolve("other.json");
            Files.writeString(
                    other,
                    "{\"x\": {\"prompt\": \"p\", \"schedule\": \"every 1h\", \"run_count\": 3},"
                            + " \"y\": {\"prompt\": \"p\"}}");
            MirrorReport first = home.mirror.importFile(other);
            assertThat(first.created()).containsExactly("x");
            assertThat(first.setAside()).containsExactly("y");
            assertThat(home.job("x").engine().runCount()).isEqualTo(3);
            MirrorReport second = home.mirror.importFile(other);
            assertThat(second.skipped()).containsExactly("x", "y");
            assertThat(second.hasChanges()).isFalse();
            assertThatThrownBy(() -> home.mirror.importFile(folder.resolve("none.json")))
                    .hasMessageContaining("no such file");
        }

        @Test
        void anExportImportsIntoAnotherHome() throws IOException {
            Job job = home.create("beat", "every 1h");
            Path target =
                    home.mirror.export(Optional.of(folder.resolve("copy.json"))).file();
            assertThat(Files.readString(target)).isEqualTo(home.mirror.exportText());
            Mirrored other = new Mirrored(Files.createDirectory(folder.resolve("other")), "store-two");
            assertThat(other.mirror.importFile(target).created()).containsExactly(job.id());
            assertThat(other.job(job.id()).definition().schedule())
                    .isEqualTo(job.definition().schedule());
        }
    }
}
