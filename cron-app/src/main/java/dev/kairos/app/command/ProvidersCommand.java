package dev.kairos.app.command;

import dev.kairos.app.terminal.Table;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.ProviderListing;
import dev.kairos.builtin.ProviderResolver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos providers}. */
final class ProvidersCommand extends Command {
    private static final String BUILTIN = "builtin";

    @Override
    List<String> description() {
        return List.of("Lists what can pull the trigger, and which of them cron.provider asks for.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos providers", "kairos providers --json");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) {
        String asked = asked(session);
        List<ProviderListing> listings = new ProviderResolver(session.environment(), session.plugins()).list();
        List<Map<String, Object>> trees = new ArrayList<>();
        Table table = new Table()
                .column("PROVIDER", UnaryOperator.identity())
                .column("ASKED FOR", UnaryOperator.identity())
                .shrinking("CLASS", 12)
                .shrinking("SOURCE", 10)
                .shrinking("TROUBLE", 10);
        boolean isKnown = asked.equals("none");
        for (ProviderListing listing : listings) {
            boolean isAsked = listing.name().filter(asked::equals).isPresent();
            isKnown |= isAsked;
            table.row(
                    listing.name().orElse("?"),
                    isAsked ? "yes" : "",
                    listing.className(),
                    listing.source(),
                    listing.problem().orElse(""));
            Map<String, Object> tree = new LinkedHashMap<>();
            listing.name().ifPresent(name -> tree.put("name", name));
            tree.put("class", listing.className());
            tree.put("source", listing.source());
            tree.put("asked", isAsked);
            listing.problem().ifPresent(problem -> tree.put("problem", problem));
            trees.add(tree);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("asked", asked);
        document.put("providers", trees);
        session.document(document);
        table.lines(session.io().width(), session.style()).forEach(session::say);
        if (!isKnown) {
            session.say(session.style()
                    .odd("cron.provider asks for " + asked
                            + ", which is not here: the built-in ticker fires instead."));
        }
        return ExitCode.DONE;
    }

    /** What is asked for, the built-in ticker's other names made one. */
    static String asked(Session session) {
        return plain(session.configuration().getLenient(ConfigKey.PROVIDER).orElse(BUILTIN));
    }

    /** A provider's name as it is meant. */
    static String plain(String name) {
        String word = name.strip().toLowerCase(Locale.ROOT);
        return List.of("", "in-process", "inprocess").contains(word) ? BUILTIN : word;
    }

    /** Whether something else than the host itself is asked for. */
    static boolean isExternal(Session session) {
        return !List.of(BUILTIN, "none").contains(asked(session));
    }
}
