package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.ledger.Usage;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a million tokens cost, in whatever currency the configuration thinks in.
 *
 * @param in a million tokens read
 * @param out a million tokens written
 */
record Prices(BigDecimal in, BigDecimal out) {
    private static final BigDecimal MILLIONTH = new BigDecimal("0.000001");

    /** The prices of a model entry; empty where it names none. */
    static Optional<Prices> read(Settings entry) {
        Optional<BigDecimal> in = amount(entry, "price_in");
        Optional<BigDecimal> out = amount(entry, "price_out");
        return in.isEmpty() && out.isEmpty()
                ? Optional.empty()
                : Optional.of(new Prices(in.orElse(BigDecimal.ZERO), out.orElse(BigDecimal.ZERO)));
    }

    /** An amount of money in the configuration. */
    static Optional<BigDecimal> amount(Settings settings, String key) {
        return settings.text(key).map(text -> amount(settings.path() + "." + key, text));
    }

    static BigDecimal amount(String where, String text) {
        if (!text.strip().matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new InvalidInputException(where, text, "not an amount", "digits and a point, for example 0.25");
        }
        return new BigDecimal(text.strip());
    }

    /** The same use with its estimate. */
    Usage estimate(Usage used) {
        return used.withCost(in.multiply(BigDecimal.valueOf(used.tokensIn()))
                .add(out.multiply(BigDecimal.valueOf(used.tokensOut())))
                .multiply(MILLIONTH));
    }
}
