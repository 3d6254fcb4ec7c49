package dev.kairos.testkit.sim;

import java.util.Random;

/**
 * How often what goes wrong around one store call, each a chance in a million.
 *
 * @param killBefore the process dies before the write
 * @param killAfter it dies after the commit, before it hears of it
 * @param failBefore the store fails and has not written
 * @param failAfter the store fails and has written
 * @param slow the call takes up to two seconds, now and then longer
 * @param freeze the process stops after the call for up to a minute
 * @param yield other strands run first
 * @param leap a step of a clock is one of minutes, an hour back or a day forward
 * @param disturb how often per minute a person or the world does something
 */
record FaultPlan(
        int killBefore,
        int killAfter,
        int failBefore,
        int failAfter,
        int slow,
        int freeze,
        int yield,
        int leap,
        int disturb) {

    static final FaultPlan QUIET = new FaultPlan(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** A plan in which each kind of trouble is absent, rare or frequent. */
    static FaultPlan draw(Random random) {
        return new FaultPlan(
                level(random, 300, 3_000),
                level(random, 300, 3_000),
                level(random, 2_000, 40_000),
                level(random, 2_000, 40_000),
                level(random, 2_000, 40_000),
                level(random, 200, 1_500),
                level(random, 50_000, 300_000),
                level(random, 150_000, 500_000),
                level(random, 1, 4));
    }

    private static int level(Random random, int rare, int frequent) {
        int drawn = random.nextInt(3);
        return drawn == 0 ? 0 : drawn == 1 ? rare : frequent;
    }
}
