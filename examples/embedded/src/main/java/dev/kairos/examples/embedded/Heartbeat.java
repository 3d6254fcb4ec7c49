package dev.kairos.examples.embedded;

import dev.kairos.builtin.CronRuntime;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An application that carries Kairos inside: a handler every second, three times, then a clean end. */
public final class Heartbeat {
    private Heartbeat() {}

    /**
     * Runs the example.
     *
     * @param args the home folder; {@code target/home} without one. A second start finds the job there and adds none
     */
    public static void main(String[] args) throws InterruptedException {
        Path home = Path.of(args.length > 0 ? args[0] : "target/home");
        var beats = new CountDownLatch(3);
        try (CronRuntime kairos = CronRuntime.builder().home(home).build()) {
            kairos.define("heartbeat", "every 1s", call -> {
                String message = "beat of " + call.request().execution().scheduledAt();
                System.out.println(message);
                beats.countDown();
                return message;
            });
            kairos.start();
            beats.await();
        }
    }
}
