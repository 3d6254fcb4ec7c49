package dev.kairos.testkit.sim;

/**
 * The threads beneath a simulation: virtual ones where the JDK has them and lets them wait inside {@code synchronized} (24
 * and later), which hand the baton on without the kernel and make a seed several times cheaper; platform daemons elsewhere.
 * The story of a seed is the same on both.
 */
final class SimThreads {
    private static final int FIRST_WITHOUT_PINNING = 24;

    private SimThreads() {}

    static Thread start(String name, Runnable body) {
        Thread thread = Runtime.version().feature() >= FIRST_WITHOUT_PINNING ? virtual(body) : new Thread(body);
        thread.setName(name);
        if (!thread.isDaemon()) {
            thread.setDaemon(true);
        }
        thread.start();
        return thread;
    }

    /** {@code Thread.ofVirtual().unstarted(body)}, which the floor of this code does not know by name. */
    private static Thread virtual(Runnable body) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no virtual threads", e);
        }
    }
}
