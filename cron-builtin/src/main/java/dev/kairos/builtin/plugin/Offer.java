package dev.kairos.builtin.plugin;

import java.util.Objects;
import java.util.Optional;

/**
 * One class that a plug-in, or the class path, lists for an SPI: constructed and asked for its name, as far as that went.
 *
 * @param spi what it is offered as
 * @param className the class, or words where that is unknown
 * @param loader its class loader, or the one that looked for it
 * @param instance the object; empty if it could not be made
 * @param name its name; empty if it could not be asked
 * @param fault what is wrong with itself
 * @param clash who else has its name, as far as that hinders it
 */
record Offer(
        Spi spi,
        String className,
        ClassLoader loader,
        Optional<Object> instance,
        String name,
        Optional<Trouble> fault,
        Optional<NameClash> clash) {
    Offer {
        Objects.requireNonNull(spi);
        Objects.requireNonNull(className);
        Objects.requireNonNull(loader);
        Objects.requireNonNull(instance);
        Objects.requireNonNull(name);
        Objects.requireNonNull(fault);
        Objects.requireNonNull(clash);
    }

    static Offer made(Spi spi, Object instance, String name, Optional<Trouble> fault) {
        Class<?> type = instance.getClass();
        return new Offer(
                spi, type.getName(), Guard.loaderOf(type), Optional.of(instance), name, fault, Optional.empty());
    }

    static Offer failed(Spi spi, String className, ClassLoader loader, Trouble fault) {
        return new Offer(spi, className, loader, Optional.empty(), "", Optional.of(fault), Optional.empty());
    }

    /** Whether it works, whoever else has its name. */
    boolean isSound() {
        return instance.isPresent() && fault.isEmpty();
    }

    boolean isUsable() {
        return isSound() && clash.isEmpty();
    }

    /** Why it cannot be used. */
    Optional<Trouble> trouble() {
        return fault.or(() -> clash.map(NameClash::trouble));
    }

    Offer with(Optional<NameClash> found) {
        return new Offer(spi, className, loader, instance, name, fault, found);
    }

    /** The object, as what it is offered as. */
    <T> T as(Class<T> type) {
        return type.cast(instance.orElseThrow());
    }
}
