package dev.kairos.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Clocks, zones, chance, threads, waits and processes reach the code through {@code Environment} alone, so that the
 * simulator can drive the real code on virtual time. One package implements it for the machine, two classes of the test
 * kit on virtual time: these may touch them, and so may contracts, which are tests that race real threads. What a disk
 * answers as it likes, such as when a file was modified, comes from {@code HostFiles} alone in the same way.
 */
final class NondeterminismTest {
    private static final String COMPOSITION_ROOT = "dev.kairos.builtin.system..";
    private static final String TESTS_AND_THEIR_TIME =
            "dev\\.kairos\\.testkit\\.(ManualTime|RealTimeEnvironment|sim\\.(SimTime|SimThreads|SeedRange)|\\w+Contract)(\\$.*)?";

    /** Whatever of these is called without an argument that says which clock, zone or seed. */
    private static final Map<String, Set<String>> FORBIDDEN = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime")),
            Map.entry("java.lang.Thread", Set.of("<init>", "sleep", "startVirtualThread", "ofVirtual", "ofPlatform")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.lang.ProcessBuilder", Set.of("start", "startPipeline")),
            Map.entry("java.lang.Runtime", Set.of("exec")),
            Map.entry("java.time.ZoneId", Set.of("systemDefault")),
            Map.entry("java.util.TimeZone", Set.of("getDefault")),
            Map.entry("java.util.Timer", Set.of("<init>")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.security.SecureRandom", Set.of("<init>")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.concurrent.locks.LockSupport", Set.of("parkNanos", "parkUntil")),
            Map.entry("java.util.concurrent.ForkJoinPool", Set.of("<init>", "commonPool")),
            Map.entry("java.util.concurrent.ThreadPoolExecutor", Set.of("<init>")),
            Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor", Set.of("<init>")));

    private static final Set<String> FORBIDDEN_WITHOUT_ARGUMENTS =
            Set.of("java.util.Date.<init>", "java.util.Random.<init>", "java.util.GregorianCalendar.<init>");

    /** SQLite opens its file itself, on the real disk; whether it is still that file is asked where it lies. */
    private static final String FILE_OF_A_DATABASE = "dev\\.kairos\\.store\\.jdbc\\.SqliteDialect";

    private static final String DISK_ON_VIRTUAL_TIME = "dev\\.kairos\\.testkit\\.DiskFiles(\\$.*)?";
    /** No job depends on these: they look at this machine for a person, or make and clear away a throw-away home. */
    private static final String FOR_A_PERSON =
            "dev\\.kairos\\.app\\.command\\.(DiskSpace|LockHolder|Folders|QuickstartCommand)(\\$.*)?";

    /** Stamps and other attributes, free space, the order in a folder, names that are drawn. */
    private static final Map<String, Set<String>> WHIMS_OF_A_DISK = Map.of(
            "java.nio.file.Files",
            Set.of(
                    "getLastModifiedTime",
                    "setLastModifiedTime",
                    "readAttributes",
                    "getAttribute",
                    "getFileAttributeView",
                    "getFileStore",
                    "list",
                    "walk",
                    "walkFileTree",
                    "find",
                    "newDirectoryStream",
                    "createTempFile",
                    "createTempDirectory"),
            "java.nio.file.FileSystem",
            Set.of("getFileStores", "newWatchService"),
            "java.io.File",
            Set.of(
                    "lastModified",
                    "setLastModified",
                    "getFreeSpace",
                    "getTotalSpace",
                    "getUsableSpace",
                    "list",
                    "listFiles",
                    "createTempFile"));

    static final ArchRule RULE = noClasses()
            .that()
            .resideOutsideOfPackage(COMPOSITION_ROOT)
            .and()
            .haveNameNotMatching(TESTS_AND_THEIR_TIME)
            .should()
            .accessTargetWhere(reaches(
                    "reaches a clock, a zone, chance, a thread, a wait or a process past Environment",
                    NondeterminismTest::isForbidden))
            .because("the simulator drives this code on virtual time; ask the Environment");

    static final ArchRule FILES_RULE = noClasses()
            .that()
            .resideOutsideOfPackage(COMPOSITION_ROOT)
            .and()
            .haveNameNotMatching(DISK_ON_VIRTUAL_TIME)
            .and()
            .haveNameNotMatching(FOR_A_PERSON)
            .and()
            .haveNameNotMatching(FILE_OF_A_DATABASE)
            .should()
            .accessTargetWhere(reaches(
                    "asks a disk past HostFiles for what its files do not hold", NondeterminismTest::isWhimOfADisk))
            .because("the simulator and the tests give this code a disk of their own; ask Environment.files()");

    /** In a call or a reference to a method. */
    private static DescribedPredicate<JavaAccess<?>> reaches(String what, Predicate<CodeUnitAccessTarget> forbidden) {
        return DescribedPredicate.describe(
                what, access -> access.getTarget() instanceof CodeUnitAccessTarget target && forbidden.test(target));
    }

    private static boolean isWhimOfADisk(CodeUnitAccessTarget target) {
        return WHIMS_OF_A_DISK
                .getOrDefault(target.getOwner().getName(), Set.of())
                .contains(target.getName());
    }

    private static boolean isForbidden(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        boolean bare = target.getRawParameterTypes().isEmpty();
        return FORBIDDEN.getOrDefault(owner, Set.of()).contains(name)
                || owner.equals("java.util.concurrent.Executors") && name.startsWith("new")
                || bare && FORBIDDEN_WITHOUT_ARGUMENTS.contains(owner + "." + name)
                || owner.startsWith("java.time.") && bare && name.equals("now")
                || owner.startsWith("java.time.") && name.equals("now") && hasZoneOnly(target)
                || owner.equals("java.time.Clock") && name.startsWith("system")
                || owner.equals("java.time.Clock") && name.startsWith("tick") && hasZoneOnly(target)
                || owner.equals("java.util.Calendar") && name.equals("getInstance");
    }

    private static boolean hasZoneOnly(CodeUnitAccessTarget target) {
        return target.getRawParameterTypes().size() == 1
                && target.getRawParameterTypes().get(0).isEquivalentTo(java.time.ZoneId.class);
    }

    @Test
    void onlyTheCompositionRootTouchesClocksChanceThreadsAndProcesses() {
        RULE.check(Production.CLASSES);
    }

    @Test
    void onlyTheCompositionRootAsksADiskForWhatItsFilesDoNotHold() {
        FILES_RULE.check(Production.CLASSES);
    }

    @Test
    void theRulesSeeEachWayAroundTheEnvironment() {
        var offender = new ClassFileImporter().importClasses(Offender.class);
        assertThatThrownBy(() -> RULE.check(offender))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "Instant.now()",
                        "System.nanoTime()",
                        "System.currentTimeMillis()",
                        "Date.<init>()",
                        "ZoneId.systemDefault()",
                        "LocalDate.now(java.time.ZoneId)",
                        "Clock.systemUTC()",
                        "Thread.sleep(long)",
                        "Thread.<init>(java.lang.Runnable)",
                        "Executors.newCachedThreadPool()",
                        "ForkJoinPool.commonPool()",
                        "Timer.<init>()",
                        "Random.<init>()",
                        "ProcessBuilder.start()",
                        "UUID.randomUUID()",
                        "Year.now()");
        assertThatThrownBy(() -> FILES_RULE.check(offender))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "Files.getLastModifiedTime(java.nio.file.Path, [Ljava.nio.file.LinkOption;)",
                        "Files.getFileStore(java.nio.file.Path)",
                        "Files.list(java.nio.file.Path)",
                        "Files.createTempFile(",
                        "File.lastModified()");
    }

    /** Never run: it shows the rule everything that it must see. */
    @SuppressWarnings({"unused", "JavaTimeDefaultTimeZone", "deprecation"})
    private static final class Offender {
        static Object everything() throws Exception {
            Thread.sleep(1);
            new Thread(() -> {}).start();
            return new Object[] {
                Instant.now(),
                System.nanoTime(),
                System.currentTimeMillis(),
                new Date(),
                java.time.ZoneId.systemDefault(),
                java.time.LocalDate.now(java.time.ZoneId.of("UTC")),
                java.time.Clock.systemUTC(),
                Executors.newCachedThreadPool(),
                ForkJoinPool.commonPool(),
                new Timer(),
                new Random(),
                new ProcessBuilder("true").start(),
                java.util.UUID.randomUUID(),
                (Supplier<Object>) java.time.Year::now
            };
        }

        static Object everyWhimOfADisk(Path file) throws Exception {
            return new Object[] {
                Files.getLastModifiedTime(file),
                Files.getFileStore(file),
                Files.list(file),
                Files.createTempFile("a", "b"),
                (Function<File, Object>) File::lastModified
            };
        }
    }
}
