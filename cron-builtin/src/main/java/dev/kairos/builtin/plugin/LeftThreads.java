package dev.kairos.builtin.plugin;

import java.util.List;

/** The threads that a plug-in started, or that still work for it: they have its class loader as context loader. */
final class LeftThreads {
    private LeftThreads() {}

    /** Their names, sorted. */
    static List<String> of(ClassLoader loader) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive()
                        && (thread.getContextClassLoader() == loader
                                || thread.getClass().getClassLoader() == loader))
                .map(Thread::getName)
                .sorted()
                .toList();
    }
}
