package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What goes wrong with several daemons on one home, decided by one seed: each is killed and started again, ended kindly
 * and started again, or frozen for longer than its lease. At most one is frozen at a time.
 */
final class Disturbances {
    /** A silent node is taken for dead after 10 s by others who look every 2 s. */
    private static final long FROZEN_MILLIS = 12_500;

    /** Runs get 30 s, sends 15, the last writes 5. */
    private static final long LONGEST_END_MILLIS = 90_000;

    /** Something else that goes wrong, in the plural. */
    record Trouble(String name, Maker maker) {
        interface Maker {
            void make() throws Exception;
        }
    }

    private final ServedHome home;
    private final Random random;
    private final List<Trouble> troubles;
    private final Map<String, Integer> made = new TreeMap<>();
    private final List<ServeProcess> daemons = new ArrayList<>();
    private int kills;
    private int freezes;
    private int terms;
    private int givenUp;
    private ServeProcess frozen;
    private long frozenUntil;

    Disturbances(ServedHome home, long seed, List<Trouble> troubles) {
        this.home = home;
        this.troubles = troubles;
        this.random = new Random(seed);
    }

    void serve(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            daemons.add(home.serve());
        }
    }

    List<ServeProcess> daemons() {
        return daemons;
    }

    /** Disturbs for the given time, beginning with one that is frozen, one that is killed. */
    void disturb(long millis) throws Exception {
        long end = now() + millis;
        freeze();
        pause(500 + random.nextInt(1_500), end);
        kill();
        while (now() < end) {
            pause(1_500 + random.nextInt(2_500), end);
            thawIfTime();
            superviseStarts();
            if (now() < end && !atWork().isEmpty()) {
                switch (random.nextInt(4 + troubles.size())) {
                    case 0 -> term();
                    case 1 -> freeze();
                    case 2, 3 -> kill();
                    default -> make(troubles.get(random.nextInt(troubles.size())));
                }
            }
        }
        pause(Math.max(0, frozenUntil - now()), Long.MAX_VALUE);
        thawIfTime();
    }

    private void freeze() throws Exception {
        if (frozen == null) {
            frozen = any();
            frozenUntil = now() + FROZEN_MILLIS;
            say("freezes", frozen);
            frozen.freeze();
            freezes++;
        }
    }

    private void thawIfTime() throws Exception {
        if (frozen != null && now() >= frozenUntil) {
            say("thaws", frozen);
            frozen.thaw();
            frozen = null;
        }
    }

    private void kill() throws Exception {
        ServeProcess victim = any();
        say("kills", victim);
        victim.kill();
        kills++;
        replace(victim);
    }

    private void term() throws Exception {
        ServeProcess victim = any();
        say("ends", victim);
        victim.askToEnd();
        long latest = now() + LONGEST_END_MILLIS;
        while (victim.isAlive() && now() < latest) {
            victim.runFor(100);
            thawIfTime(); // the frozen one may hold the store, and what ends has its last words to write
        }
        victim.awaitCleanEnd();
        terms++;
        replace(victim);
    }

    /**
     * What a service manager does: a daemon that began while a frozen one held the store, and gave up and said so, is
     * started again. Any other end is a failure. Answers whether all are ready.
     */
    boolean superviseStarts() throws IOException {
        for (ServeProcess daemon : List.copyOf(daemons)) {
            if (!daemon.isAlive()) {
                assertThat(daemon.said())
                        .as("why it ended by itself")
                        .containsAnyOf("is held by another process", "cannot be reached");
                givenUp++;
                replace(daemon);
            }
        }
        return daemons.stream().allMatch(ServeProcess::isReady);
    }

    private void make(Trouble trouble) throws Exception {
        System.out.println("  " + trouble.name());
        made.merge(trouble.name(), 1, Integer::sum);
        trouble.maker().make();
    }

    private void replace(ServeProcess gone) throws IOException {
        daemons.set(daemons.indexOf(gone), home.serve());
    }

    private ServeProcess any() {
        List<ServeProcess> some = atWork();
        return some.get(random.nextInt(some.size()));
    }

    /** Those that have begun and are not frozen. */
    private List<ServeProcess> atWork() {
        return daemons.stream()
                .filter(daemon -> daemon != frozen && daemon.isReady())
                .toList();
    }

    private void pause(long millis, long end) throws InterruptedException {
        daemons.get(0).runFor(Math.min(millis, Math.max(0, end - now())));
    }

    private void say(String what, ServeProcess daemon) {
        System.out.println("  " + what + " " + daemon.pid());
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    String figures() {
        return kills + " kills, " + freezes + " freezes, " + terms + " kind ends, " + givenUp + " starts given up"
                + (made.isEmpty() ? "" : ", " + made);
    }
}
