package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.plugin.Plugins;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A store that is copied, and the mark of it in a copy that is not whole.
 *
 * <p>Status: internal.
 *
 * @param store the store, which is only read
 * @param shown its URL, for whoever finds half of a copy; holds no secret
 */
public record CopySource(JobStore store, String shown) {
    /** The fact in the destination's ledger. */
    static final String FACT = StoreContents.COPY_FACTS + "from";

    /**
     * Opens the store that is to be filled. One that is made by this bears the mark from its first moment, whatever becomes of
     * the copy.
     *
     * @param url its URL
     * @param plugins as in {@link StoreOpener#open(String, Path, Environment, Supplier)}
     */
    public JobStore openDestination(String url, Path home, Environment environment, Supplier<Plugins> plugins) {
        Map<String, String> facts = Map.of(FACT, mark());
        return StoreOpener.open(
                url.strip(), plugins, factory -> factory.openWith(facts, url.strip(), home, environment));
    }

    String mark() {
        return id() + " " + shown;
    }

    /** Whether a mark names this store. */
    boolean isNamedBy(String mark) {
        return id().equals(mark.split(" ", 2)[0]);
    }

    private String id() {
        return store.jobs().changesSince(Long.MAX_VALUE).storeId();
    }

    /** What a mark calls the store that was copied. */
    static String shownIn(String mark) {
        int end = mark.indexOf(' ');
        return end < 0 ? "another store" : mark.substring(end + 1);
    }
}
