package dev.kairos.app.command;

import dev.kairos.builtin.ProviderSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** config.yaml, of which one line changes; its rights, and a link that leads to it, stay. */
final class SettingFile {
    private final Session session;
    private final Path file;
    private final Optional<byte[]> before;
    private final byte[] after;

    private SettingFile(Session session, Path file, Optional<byte[]> before, byte[] after) {
        this.session = session;
        this.file = file;
        this.before = before;
        this.after = after;
    }

    /**
     * Reads it and makes the change, without writing.
     *
     * @throws dev.kairos.api.InvalidInputException if it cannot be changed in one line
     */
    static SettingFile prepare(Session session, String provider) throws IOException {
        Path named = session.home().resolve("config.yaml");
        Path file = Files.exists(named) ? named.toRealPath() : named;
        Optional<byte[]> before = session.environment().files().read(file);
        return new SettingFile(session, file, before, ProviderSetting.changed(named, before, provider));
    }

    void write() throws IOException {
        replace(after);
    }

    /** As it was. */
    void restore() throws IOException {
        if (before.isPresent()) {
            replace(before.get());
        } else {
            session.environment().files().delete(file);
        }
    }

    private void replace(byte[] content) throws IOException {
        Optional<Set<PosixFilePermission>> rights = rights();
        session.environment().files().replace(file, content);
        if (rights.isPresent()) {
            Files.setPosixFilePermissions(file, rights.get());
        }
    }

    private Optional<Set<PosixFilePermission>> rights() throws IOException {
        try {
            return Files.exists(file) ? Optional.of(Files.getPosixFilePermissions(file)) : Optional.empty();
        } catch (UnsupportedOperationException e) {
            return Optional.empty(); // a file system without such rights
        }
    }
}
