package dev.kairos.app.command;

import dev.kairos.api.FireCommandLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How an outside trigger calls this very command for one job of a home. */
final class FireLine implements FireCommandLine {
    /** Set by the launcher: where it lies. */
    private static final String LAUNCHER = "kairos.launcher";

    private final Path launcher;
    private final Path home;

    private FireLine(Path launcher, Path home) {
        this.launcher = launcher;
        this.home = home;
    }

    /** Empty where this process was not started by the launcher. */
    static Optional<FireCommandLine> of(Path home) {
        return Optional.ofNullable(System.getProperty(LAUNCHER))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .map(launcher -> new FireLine(launcher, home.toAbsolutePath().normalize()));
    }

    @Override
    public List<String> fire(String jobId) {
        return List.of(launcher.toString(), "--home", home.toString(), "fire", jobId);
    }
}
