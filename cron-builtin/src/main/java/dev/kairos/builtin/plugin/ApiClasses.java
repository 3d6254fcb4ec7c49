package dev.kairos.builtin.plugin;

import java.util.List;

/**
 * All that a plug-in sees of the host: cron-api, slf4j, the nullness annotations and the JDK. So a plug-in's own Jackson,
 * Quartz or Guava never meets the host's.
 */
final class ApiClasses extends ClassLoader {
    private static final List<String> SHARED = List.of("dev.kairos.api.", "org.slf4j.", "org.jspecify.");

    private final ClassLoader host;

    ApiClasses(ClassLoader host) {
        super("cron-api", ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    /** Whether the class is the host's alone, even where a plug-in carries a copy. */
    static boolean isShared(String className) {
        return SHARED.stream().anyMatch(className::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isShared(name)) {
            return host.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
