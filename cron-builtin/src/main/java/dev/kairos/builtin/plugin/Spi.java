package dev.kairos.builtin.plugin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.JobRunnerFactory;
import dev.kairos.api.store.JobStoreFactory;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What a plug-in can offer. */
enum Spi {
    PROVIDER(CronScheduler.class, "provider"),
    STORE(JobStoreFactory.class, "store"),
    RUNNER(JobRunner.class, "runner"),
    RUNNER_FACTORY(JobRunnerFactory.class, "runner"),
    CHANNEL(DeliveryChannel.class, "channel"),
    CHANNEL_FACTORY(DeliveryChannelFactory.class, "channel"),
    CLASSIFIER(FailureClassifier.class, "classifier"),
    LISTENER(CronListener.class, "listener");

    private final Class<?> type;
    private final String word;

    Spi(Class<?> type, String word) {
        this.type = type;
        this.word = word;
    }

    Class<?> type() {
        return type;
    }

    /** The word of what is offered in the end. */
    String word() {
        return word;
    }

    /** Whether the host asks those on its class path itself, elsewhere. */
    boolean isAskedElsewhereOnTheClassPath() {
        return this == RUNNER_FACTORY || this == CHANNEL_FACTORY;
    }

    /** What it is called, asked of the plug-in; those without a name are called after their class. */
    Collection<String> namesOf(Object instance) {
        if (instance instanceof DeliveryChannelFactory factory && this == CHANNEL_FACTORY) {
            return new TreeSet<>(factory.platforms());
        }
        return List.of(nameOf(instance));
    }

    private String nameOf(Object instance) {
        return switch (this) {
            case PROVIDER -> ((CronScheduler) instance).name();
            case RUNNER -> ((JobRunner) instance).kind();
            case RUNNER_FACTORY -> ((JobRunnerFactory) instance).kind();
            case CHANNEL -> ((DeliveryChannel) instance).platform();
            case CHANNEL_FACTORY, STORE, CLASSIFIER, LISTENER ->
                instance.getClass().getSimpleName();
        };
    }

    /** The method that says the name, for messages. */
    String namingMethod() {
        return switch (this) {
            case PROVIDER -> "name()";
            case RUNNER, RUNNER_FACTORY -> "kind()";
            case CHANNEL -> "platform()";
            case CHANNEL_FACTORY -> "platforms()";
            case STORE, CLASSIFIER, LISTENER -> "its class name";
        };
    }

    boolean isNamed() {
        return this != STORE && this != CLASSIFIER && this != LISTENER;
    }
}
