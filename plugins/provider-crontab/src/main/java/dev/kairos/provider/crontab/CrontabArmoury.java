package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The block of one home in the user's crontab. Others edit the crontab too, and no lock keeps them out: it is read again
 * just before it is written and once more after, and tried anew when somebody came between.
 */
final class CrontabArmoury implements Armoury {
    private static final int TRIES = 5;
    private static final Pattern NOTE = Pattern.compile("# job (\\S+)(?: at \\S+)?");

    private final Environment environment;
    private final HomeCommand home;
    private final UserCrontab crontab;
    private final Planner planner;

    CrontabArmoury(Environment environment, HomeCommand home, UserCrontab crontab, Planner planner) {
        this.environment = environment;
        this.home = home;
        this.crontab = crontab;
        this.planner = planner;
    }

    @Override
    public Plan converge(Supplier<List<DesiredTrigger>> desired) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            String text = crontab.read();
            Fence fence = Fence.find(text, home.id());
            Plan plan = planner.plan(desired.get(), fence.inside(), environment.now());
            String wanted = fence.with(home.id(), home.home(), plan.lines());
            boolean isThere = wanted.equals(text);
            if (isThere || replaced(text, wanted) && isInTime(plan.soonest())) {
                return plan;
            }
        }
        throw restless();
    }

    @Override
    public Map<String, Instant> armed(List<DesiredTrigger> desired) throws IOException {
        List<String> inside = Fence.find(crontab.read(), home.id()).inside();
        Plan plan = planner.plan(desired, inside, environment.now());
        Map<String, Instant> armed = new TreeMap<>();
        inside.stream()
                .map(NOTE::matcher)
                .filter(Matcher::matches)
                .forEach(note -> armed.put(note.group(1), Instant.EPOCH)); // another line than it should have
        for (DesiredTrigger trigger : desired) {
            List<String> entry = plan.armed().get(trigger.jobId());
            if (entry != null && !inside.isEmpty() && Collections.indexOfSubList(inside, entry) >= 0) {
                armed.put(trigger.jobId(), trigger.dueAt());
            }
        }
        return armed;
    }

    @Override
    public Map<String, String> refused(List<DesiredTrigger> desired) {
        return planner.plan(desired, List.of(), environment.now()).refused();
    }

    @Override
    public void clear() throws IOException {
        Function<String, Fence> find = text -> Fence.find(text, home.id());
        for (int i = 0; i < TRIES; i++) {
            String text = crontab.read();
            Fence fence = find.apply(text);
            if (fence.block().isEmpty() || replaced(text, fence.without())) {
                return;
            }
        }
        throw restless();
    }

    /** Whether our block stands as wanted, whatever others did to the rest meanwhile. */
    private boolean replaced(String expected, String wanted) throws IOException {
        if (!crontab.read().equals(expected)) {
            return false;
        }
        crontab.write(wanted);
        return block(crontab.read()).equals(block(wanted));
    }

    private String block(String text) {
        return Fence.find(text, home.id()).block();
    }

    private boolean isInTime(Optional<Instant> soonest) {
        return soonest.filter(minute -> !minute.isAfter(environment.now())).isEmpty();
    }

    private static Refusal restless() {
        return new Refusal("somebody else changes the crontab all the time: " + TRIES
                + " times it was another than just read; it is tried again with the next change");
    }
}
