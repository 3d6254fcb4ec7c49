package dev.kairos.testkit.sim;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.time.Duration;
import java.util.Random;

/** Work that takes its time, fails, hangs or ignores its end, as chance has it. */
final class SimWork implements JobRunner {
    private final SimWorld world;
    private final SimProcess process;

    SimWork(SimWorld world, SimProcess process) {
        this.world = world;
        this.process = process;
    }

    @Override
    public String kind() {
        return "script";
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        Execution row = request.execution();
        world.watch.starts(process, request.job(), row);
        Random chance = world.work;
        int drawn = chance.nextInt(100);
        try {
            if (drawn < 45 || world.isQuiet()) {
                request.environment().sleep(Duration.ofMillis(chance.nextInt(900)));
            } else if (drawn < 85) {
                request.environment().sleep(Duration.ofMillis(1_000 + chance.nextInt(40_000)));
            } else if (drawn < 93) {
                request.environment().sleep(Duration.ofMinutes(20));
            } else if (drawn < 95) {
                ignoreInterrupts(request, Duration.ofSeconds(30L + chance.nextInt(200)));
            }
        } finally {
            world.watch.ends(process, row);
        }
        RunResult result = result(chance.nextInt(100));
        world.watch.answers(row, result);
        return result;
    }

    private static void ignoreInterrupts(RunRequest request, Duration time) {
        Duration end = request.environment().uptime().plus(time);
        while (request.environment().uptime().compareTo(end) < 0) {
            try {
                request.environment().sleep(end.minus(request.environment().uptime()));
            } catch (InterruptedException e) {
                // this is what it is for
            }
        }
    }

    private static RunResult result(int drawn) {
        if (drawn < 60) {
            return RunResult.ok("done");
        }
        if (drawn < 68) {
            return RunResult.ok("");
        }
        if (drawn < 72) {
            return RunResult.silent("marker", "[SILENT]");
        }
        if (drawn < 86) {
            return RunResult.failed(FailureKind.TRANSIENT, "it may work next time", "captured");
        }
        if (drawn < 92) {
            return RunResult.failed(FailureKind.TERMINAL, "it will never work", "captured");
        }
        if (drawn < 96) {
            return RunResult.blocked("a setting is missing");
        }
        throw new IllegalStateException("the work threw");
    }
}
