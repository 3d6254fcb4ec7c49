package dev.kairos.builtin.plugin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A plug-in whose JAR was taken away or replaced: nothing new enters it, and it is unloaded once nothing is inside.
 *
 * @param since when it was withdrawn, in uptime
 * @param isUnloaded whether its loader is closed; threads of its own may be left even then
 * @param isKept whether the store in use is its own, so that it stays to the end
 */
record Retiring(Plugin plugin, Plugin.Loading loading, Duration since, boolean isUnloaded, boolean isKept) {
    /** Who fetched something of it just before it was withdrawn has entered it after this time. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    boolean canBeUnloaded(Duration uptime) {
        return !isUnloaded
                && !isKept
                && uptime.minus(since).compareTo(GRACE) >= 0
                && loading.gate().inside() == 0;
    }

    Retiring unloaded() {
        return new Retiring(plugin, loading, since, true, isKept);
    }

    List<String> threads() {
        return LeftThreads.of(loading.loader());
    }

    PluginListing listing() {
        PluginListing before = plugin.listing();
        Trouble why = why();
        return new PluginListing(
                before.id(),
                before.version(),
                before.source(),
                before.sha256(),
                PluginState.RETIRING,
                List.of(),
                Optional.of(why.reason()),
                Optional.of(why.remedy()));
    }

    private Trouble why() {
        if (isKept) {
            return new Trouble("its JAR is gone, and the store in use is its own", "restart the daemon");
        }
        if (isUnloaded) {
            return new Trouble(
                    "its JAR is gone, and it left threads behind: " + String.join(", ", threads()),
                    "restart the daemon to be rid of them");
        }
        if (loading.gate().inside() == 0) {
            return new Trouble("its JAR is gone; it is unloaded in a moment", "nothing is to be done");
        }
        return new Trouble("its JAR is gone, and calls into it still go on", "wait for the runs, or cancel them");
    }
}
