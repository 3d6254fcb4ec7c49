package dev.kairos.examples.portal;

import dev.kairos.builtin.CronRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * An application whose process is there only when it is called: it declares its job, and dies without a farewell once a
 * run has ended and nothing goes on. With {@code register} it dies as soon as its job is registered.
 */
final class SleepyAgent {
    private SleepyAgent() {}

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        boolean isRegistering = args.length > 1;
        CountDownLatch ran = new CountDownLatch(1);
        CronRuntime kairos =
                CronRuntime.builder().home(home).variables(Map.of()).build();
        kairos.define("beat", "every 2s", call -> {
            String line = ProcessHandle.current().pid() + " "
                    + call.request().execution().scheduledAt() + "\n";
            Files.writeString(home.resolve("effects"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            ran.countDown();
            return "beat";
        });
        kairos.start();
        while (!kairos.status().provider().state().equals("armed")) {
            Thread.sleep(20);
        }
        if (!isRegistering) {
            ran.await();
            MountedChronos.ANSWERED.await();
            while (!kairos.status().running().isEmpty()) {
                Thread.sleep(20);
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
