package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A class loader in which provider classes of the tests themselves are found as services. */
final class ListedProviders {
    private ListedProviders() {}

    @SafeVarargs
    static ClassLoader of(Path folder, Class<? extends CronScheduler>... classes) {
        try {
            Path services = Files.createDirectories(folder.resolve("listed/META-INF/services"));
            Files.write(
                    services.resolve(CronScheduler.class.getName()),
                    List.of(classes).stream().map(Class::getName).toList());
            return new URLClassLoader(
                    new URL[] {folder.resolve("listed").toUri().toURL()}, ListedProviders.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
