package dev.kairos.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/**
 * Clocks, zones, chance, threads, waits and processes reach the code through {@code Environment} alone, so that the
 * simulator can drive the real code on virtual time. One package implements it for the machine, two classes of the test
 * kit on virtual time: these may touch them, and so may contracts, which are tests that race real threads.
 */
final class NondeterminismTest {
    private static final String COMPOSITION_ROOT = "dev.kairos.builtin.system..";
    private static final String TESTS_AND_THEIR_TIME =
            "dev\\.kairos\\.testkit\\.(ManualTime|sim\\.(SimTime|SeedRange)|\\w+Contract)(\\$.*)?";

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

    static final ArchRule RULE = noClasses()
            .that()
            .resideOutsideOfPackage(COMPOSITION_ROOT)
            .and()
            .haveNameNotMatching(TESTS_AND_THEIR_TIME)
            .should()
            .callCodeUnitWhere(DescribedPredicate.describe(
                    "reaches a clock, a zone, chance, a thread, a wait or a process past Environment",
                    NondeterminismTest::isForbidden))
            .because("the simulator drives this code on virtual time; ask the Environment");

    private static boolean isForbidden(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
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

    private static boolean hasZoneOnly(CodeUnitCallTarget target) {
        return target.getRawParameterTypes().size() == 1
                && target.getRawParameterTypes().get(0).isEquivalentTo(java.time.ZoneId.class);
    }

    @Test
    void onlyTheCompositionRootTouchesClocksChanceThreadsAndProcesses() {
        RULE.check(Production.CLASSES);
    }

    @Test
    void theRuleSeesEachWayAroundTheEnvironment() {
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
                        "UUID.randomUUID()");
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
                java.util.UUID.randomUUID()
            };
        }
    }
}
