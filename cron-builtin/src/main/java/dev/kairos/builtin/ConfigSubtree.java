package dev.kairos.builtin;

import dev.kairos.api.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One subtree of the configuration. */
record ConfigSubtree(Configuration root, String path) implements Settings {
    @Override
    public Optional<String> text(String key) {
        return root.text(path + "." + key);
    }

    @Override
    public Optional<Duration> duration(String key) {
        return root.duration(path + "." + key);
    }

    @Override
    public Optional<Long> number(String key) {
        return root.number(path + "." + key);
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return root.flag(path + "." + key);
    }

    @Override
    public List<String> texts(String key) {
        return root.texts(path + "." + key);
    }

    @Override
    public Settings at(String key) {
        return new ConfigSubtree(root, path + "." + key);
    }

    @Override
    public Set<String> keys() {
        return root.keysBelow(path + ".");
    }

    @Override
    public String toString() {
        return "settings at " + path;
    }
}
