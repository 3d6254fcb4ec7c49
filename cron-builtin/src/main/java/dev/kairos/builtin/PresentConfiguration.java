package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.HostFiles;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration as its file says now. Any thread. */
final class PresentConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger("cron.config");

    private final Configuration before;
    private final HostFiles files;

    /**
     * The present one.
     *
     * @param before what was read at the start, which holds where the file cannot be read now
     */
    PresentConfiguration(Configuration before, HostFiles files) {
        this.before = before;
        this.files = files;
    }

    /** The same, but with this provider. */
    Configuration asking(String provider) {
        return read().orElse(before).with(Map.of(ConfigKey.PROVIDER.path(), provider));
    }

    /** Which provider the file asks for since the start; empty where that is the same as then. */
    Optional<String> changedProvider() {
        Optional<String> now = read().map(PresentConfiguration::providerOf);
        return overriderOfProvider().isPresent()
                ? Optional.empty()
                : now.filter(provider -> !provider.equals(providerOf(before)));
    }

    private static String providerOf(Configuration configuration) {
        return configuration.getLenient(ConfigKey.PROVIDER).orElse(BuiltinScheduler.NAME);
    }

    /** What says which provider is used, whatever the file says. */
    Optional<String> overriderOfProvider() {
        return before.overriderOf(ConfigKey.PROVIDER);
    }

    private Optional<Configuration> read() {
        try {
            return Optional.of(before.again(files));
        } catch (InvalidInputException e) {
            LOG.warn("cron.config {}; what was read at the start holds", e.getMessage());
            return Optional.empty();
        }
    }
}
