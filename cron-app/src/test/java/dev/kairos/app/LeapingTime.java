package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.builtin.system.SystemEnvironment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;

/** This machine, on which a wait is over at once and has taken its time all the same. */
final class LeapingTime {
    private LeapingTime() {}

    /** @param each happens in each wait */
    static Environment machine(Runnable each) {
        Environment machine = new SystemEnvironment();
        Duration[] slept = {Duration.ZERO};
        return (Environment) Proxy.newProxyInstance(
                Environment.class.getClassLoader(), new Class<?>[] {Environment.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "sleep":
                            slept[0] = slept[0].plus((Duration) arguments[0]);
                            each.run();
                            return null;
                        case "uptime":
                            return machine.uptime().plus(slept[0]);
                        default:
                            try {
                                return method.invoke(machine, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                    }
                });
    }
}
