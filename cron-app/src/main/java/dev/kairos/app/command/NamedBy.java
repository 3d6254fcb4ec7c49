package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.store.StoreException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Work with a store that an option names: what goes wrong then speaks of that option, where the store itself only knows of
 * the setting {@code store.url}.
 *
 * @param option what the person wrote
 */
record NamedBy(String option) {
    private static final Pattern SETTING =
            Pattern.compile("(?:system property )?(?<![\\w./-])(?:kairos\\.)?store\\.url(?![\\w/-])");

    /** Does it. */
    <T> T open(Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidInputException e) {
            throw new InvalidInputException(named(e.where()), e.given(), named(e.reason()), named(e.accepted()));
        } catch (StoreException e) {
            throw new StoreException(e.kind(), named(String.valueOf(e.getMessage())), e);
        }
    }

    private String named(String text) {
        return SETTING.matcher(text).replaceAll(Matcher.quoteReplacement(option));
    }
}
