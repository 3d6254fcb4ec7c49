package dev.kairos.testkit;

import dev.kairos.api.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings in which every key is absent. */
enum NoSettings implements Settings {
    INSTANCE;

    @Override
    public Optional<String> text(String key) {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> duration(String key) {
        return Optional.empty();
    }

    @Override
    public Optional<Long> number(String key) {
        return Optional.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        return List.of();
    }

    @Override
    public Settings at(String key) {
        return this;
    }

    @Override
    public Set<String> keys() {
        return Set.of();
    }

    @Override
    public String path() {
        return "";
    }
}
