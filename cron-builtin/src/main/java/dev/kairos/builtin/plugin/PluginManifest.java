package dev.kairos.builtin.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JAR says of itself. Its manifest may name id, version and the cron-api it needs; without one the file's name
 * gives id and version.
 *
 * @param id letters, digits, dots, dashes and underscores
 * @param version as it is written; {@code 0} where nothing says it
 * @param requires the versions of cron-api with which it works; {@code *} where it does not say
 */
record PluginManifest(String id, String version, String requires) {
    private static final String ANY = "*";
    private static final Pattern LEGAL_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern VERSIONED = Pattern.compile("(.+?)-(\\d[A-Za-z0-9.+_-]*)");

    /** What came of reading one: the manifest, or why the JAR is not loaded. */
    record Reading(PluginManifest manifest, Optional<Trouble> trouble) {}

    /** What is known without opening it. */
    static PluginManifest ofName(Path source) {
        String name = String.valueOf(source.getFileName()).replaceFirst("(?i)\\.jar$", "");
        Matcher parts = VERSIONED.matcher(name);
        boolean isVersioned = parts.matches();
        String id = (isVersioned ? parts.group(1) : name).replaceAll("[^A-Za-z0-9._-]", "_");
        return new PluginManifest(
                id.isEmpty() || !LEGAL_ID.matcher(id).matches() ? shortened("p" + id) : id,
                isVersioned ? parts.group(2) : "0",
                ANY);
    }

    private static String shortened(String id) {
        return id.length() > 64 ? id.substring(0, 64) : id;
    }

    /**
     * Reads the manifest.
     *
     * @param source where the JAR was found, for its name
     * @param staged the file to read
     */
    static Reading read(Path source, Path staged) {
        PluginManifest named = ofName(source);
        try (JarFile jar = new JarFile(staged.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest == null ? new Reading(named, Optional.empty()) : named.with(manifest.getMainAttributes());
        } catch (IOException | RuntimeException e) {
            return new Reading(
                    named,
                    Optional.of(new Trouble(
                            "it is no JAR, or a damaged one (" + e.getMessage() + ")",
                            "copy it again; a copy that broke off looks like this")));
        }
    }

    private Reading with(Attributes attributes) {
        String ownId = text(attributes, "Plugin-Id");
        String ownVersion = text(attributes, "Plugin-Version");
        String ownRequires = text(attributes, "Plugin-Requires");
        PluginManifest read = new PluginManifest(
                ownId.isEmpty() || !LEGAL_ID.matcher(ownId).matches() ? id : ownId,
                ownVersion.isEmpty() ? version : ownVersion,
                ownRequires.isEmpty() ? ANY : ownRequires);
        return new Reading(read, troubleIn(attributes, ownId));
    }

    private static Optional<Trouble> troubleIn(Attributes attributes, String ownId) {
        if (!ownId.isEmpty() && !LEGAL_ID.matcher(ownId).matches()) {
            return Optional.of(new Trouble(
                    "its Plugin-Id is not made of letters, digits, dots, dashes and underscores",
                    "ask its author for another"));
        }
        String wanted = text(attributes, "Plugin-Dependencies");
        if (!wanted.isEmpty()) {
            return Optional.of(new Trouble(
                    "it needs other plug-ins (" + wanted + "), and plug-ins do not see one another",
                    "take a JAR that carries what it needs"));
        }
        String others = text(attributes, "Class-Path");
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "its manifest loads other files (Class-Path: " + others + ") that nobody would check",
                        "take a JAR that carries its libraries and has no Class-Path"));
    }

    private static String text(Attributes attributes, String name) {
        String value = attributes.getValue(name);
        return value == null ? "" : value.strip();
    }
}
