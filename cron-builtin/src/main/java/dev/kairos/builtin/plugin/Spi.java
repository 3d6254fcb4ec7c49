package dev.kairos.builtin.plugin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.JobStoreFactory;
import java.util.Locale;

/** What a plug-in can offer. */
enum Spi {
    PROVIDER(CronScheduler.class),
    STORE(JobStoreFactory.class),
    RUNNER(JobRunner.class),
    CHANNEL(DeliveryChannel.class),
    CLASSIFIER(FailureClassifier.class),
    LISTENER(CronListener.class);

    private final Class<?> type;

    Spi(Class<?> type) {
        this.type = type;
    }

    Class<?> type() {
        return type;
    }

    /** The word of it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is called, asked of the plug-in; those without a name are called after their class. */
    String nameOf(Object instance) {
        if (instance instanceof CronScheduler provider) {
            return provider.name();
        }
        if (instance instanceof JobRunner runner) {
            return runner.kind();
        }
        if (instance instanceof DeliveryChannel channel) {
            return channel.platform();
        }
        return instance.getClass().getSimpleName();
    }

    /** The method that says the name, for messages. */
    String namingMethod() {
        return switch (this) {
            case PROVIDER -> "name()";
            case RUNNER -> "kind()";
            case CHANNEL -> "platform()";
            case STORE, CLASSIFIER, LISTENER -> "its class name";
        };
    }

    boolean isNamed() {
        return this == PROVIDER || this == RUNNER || this == CHANNEL;
    }
}
