package dev.kairos.examples.pulse;

import dev.kairos.builtin.CronRuntime;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Lets the pulse fire a job three times, and says which provider did it. */
public final class PulseDemo {
    private PulseDemo() {}

    /**
     * Runs the example.
     *
     * @param args the home folder; {@code target/home} without one
     */
    public static void main(String[] args) throws InterruptedException {
        var fires = new CountDownLatch(3);
        try (CronRuntime kairos = CronRuntime.builder()
                .home(Path.of(args.length > 0 ? args[0] : "target/home"))
                .setting("store.url", "memory:")
                .setting("cron.provider", "pulse")
                .setting("cron.pulse.beat", "1s")
                .build()) {
            kairos.define("ping", "every 1s", call -> {
                fires.countDown();
                return "ping";
            });
            kairos.start();
            fires.await();
            System.out.println(
                    "fired three times by: " + kairos.status().provider().name());
        }
    }
}
