package dev.kairos.builtin.plugin;

import java.util.Arrays;
import java.util.List;

/** The threads that a plug-in started, or that still work for it: they have its class loader as context loader. */
final class LeftThreads {
    private LeftThreads() {}

    /** Their names, sorted. */
    static List<String> of(ClassLoader loader) {
        return alive().stream()
                .filter(thread -> thread.isAlive()
                        && (thread.getContextClassLoader() == loader
                                || thread.getClass().getClassLoader() == loader))
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    /** Without their stacks: to ask for those stops every thread. */
    private static List<Thread> alive() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[group.activeCount() * 2 + 16];
        return List.of(Arrays.copyOf(threads, group.enumerate(threads, true)));
    }
}
