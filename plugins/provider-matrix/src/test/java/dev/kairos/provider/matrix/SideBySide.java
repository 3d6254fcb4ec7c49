package dev.kairos.provider.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.SoftAssertions;

/** Lets the same be told behind several providers at the same time, each with a clock and a home of its own. */
final class SideBySide {
    static final List<String> ALL = List.of("builtin", "quartz", "db-scheduler", "chronos", "crontab");

    private SideBySide() {}

    /** What is told: it answers the rows that are left. */
    @FunctionalInterface
    interface Told {
        List<String> tell(Backend backend, MovedMachine time, Path home) throws Exception;
    }

    /** The same table for all of them. */
    static void expect(List<String> table, Path folder, Told told) throws Exception {
        Map<String, List<String>> rows = tell(ALL, folder, told);
        SoftAssertions all = new SoftAssertions();
        rows.forEach((provider, left) -> all.assertThat(left).as(provider).isEqualTo(table));
        all.assertAll();
    }

    /** What each of them left. */
    static Map<String, List<String>> tell(List<String> providers, Path folder, Told told) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Map<String, Future<List<String>>> futures = new LinkedHashMap<>();
        for (String provider : providers) {
            futures.put(provider, threads.submit(one(folder.resolve(provider), provider, told)));
        }
        Map<String, List<String>> rows = new LinkedHashMap<>();
        SoftAssertions all = new SoftAssertions();
        for (Map.Entry<String, Future<List<String>>> each : futures.entrySet()) {
            try {
                rows.put(each.getKey(), each.getValue().get());
            } catch (ExecutionException e) {
                all.fail(each.getKey() + ": " + e.getCause().getMessage(), e.getCause());
            }
        }
        threads.shutdown();
        all.assertAll();
        assertThat(rows).hasSameSizeAs(providers);
        return rows;
    }

    private static Callable<List<String>> one(Path folder, String provider, Told told) {
        return () -> {
            MovedMachine time = new MovedMachine();
            Path home = Files.createDirectories(folder.resolve("home"));
            try (Backend backend = backend(provider, time, folder)) {
                return tell(told, backend, time, home);
            }
        };
    }

    private static List<String> tell(Told told, Backend backend, MovedMachine time, Path home) throws Exception {
        try {
            return told.tell(backend, time, home);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + backend.told(), e);
        }
    }

    private static Backend backend(String provider, MovedMachine time, Path folder) throws IOException {
        return switch (provider) {
            case "quartz" -> Backend.quartz();
            case "db-scheduler" -> Backend.dbScheduler();
            case "chronos" -> Backend.chronos(time);
            case "crontab" -> Backend.crontab(folder);
            default -> Backend.builtin();
        };
    }
}
