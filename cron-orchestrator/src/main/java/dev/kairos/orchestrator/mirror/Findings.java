package dev.kairos.orchestrator.mirror;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what reading a file does. */
final class Findings {
    final List<String> created = new ArrayList<>();
    final List<String> updated = new ArrayList<>();
    final List<String> removed = new ArrayList<>();
    final List<String> setAside = new ArrayList<>();
    final List<String> skipped = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final List<String> conflicts = new ArrayList<>();

    MirrorReport report(MirrorReport.Kind kind, Optional<Path> conflictCopy) {
        List<String> all = new ArrayList<>(messages);
        all.addAll(conflicts);
        return new MirrorReport(kind, created, updated, removed, setAside, skipped, all, conflictCopy);
    }
}
