package dev.kairos.testkit.sim;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.Abilities;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One life of a process: its identity, its clocks, its strands, and whether it still lives. Only the baton's holder touches it. */
final class SimProcess {
    /** How far ahead of the store's clock a reading of it may be: after a slow look, and what is tolerated. */
    private static final long STORE_CLOCK_OFF = 520;

    final String name;
    final NodeIdentity identity;
    final Random random;
    final Set<SimTime.Strand> strands = new LinkedHashSet<>();
    /** Added to the true wall clock, milliseconds. */
    long wallOffset;
    /** Whether it judges by the store's clock, whatever its own shows. */
    boolean hasStoreClock;

    /** The furthest ahead its wall clock ever was, milliseconds. */
    long furthestAhead;
    /** Taken from the true uptime, milliseconds: grows while the machine sleeps. */
    long uptimeLag;
    /** Nothing of it runs before this uptime, milliseconds. */
    long frozenUntil;
    /** Whether its monotonic clock stands still while it is frozen. */
    boolean isAsleep;

    /** Until when something went wrong with it, its store or its clock, uptime milliseconds. */
    long troubledUntil;

    /** What it can deliver to. */
    Set<String> platforms = SimChannel.PLATFORMS;

    /** What it has beside what every process has. */
    Set<String> words = Set.of();

    boolean isDead;
    /** A throwable that left one of its strands. */
    @Nullable
    Throwable escaped;

    SimProcess(String name, long pid, long seed) {
        this.name = name;
        this.random = new Random(seed);
        this.identity = NodeIdentity.builder("boot", pid, "s" + pid)
                .pidNamespace("pid:[1]")
                .startTicks(100 + pid)
                .build();
    }

    /** What it can run. */
    Abilities abilities() {
        return new Abilities(Set.of("script")).with(words);
    }

    /** Something is wrong with it until then; single failures of a call do not count. */
    void troubled(long until) {
        troubledUntil = Math.max(troubledUntil, until);
    }

    /** How far ahead of the true time it may have thought it was, milliseconds. */
    long mostAhead() {
        return hasStoreClock ? STORE_CLOCK_OFF : Math.max(wallOffset, furthestAhead);
    }

    /** Lets its wall clock jump. */
    void stepWall(long millis) {
        furthestAhead = Math.max(furthestAhead, wallOffset);
        wallOffset += millis;
    }
}
