package dev.kairos.builtin.plugin;

import java.util.Objects;

/**
 * Why something cannot be used.
 *
 * @param reason what is wrong, a clause
 * @param remedy what to do about it, a clause
 */
record Trouble(String reason, String remedy) {
    Trouble {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(remedy);
    }

    /** The trouble with a class that was to be loaded, constructed or asked. */
    static Trouble of(String reason, Throwable thrown) {
        return new Trouble(reason, remedy(thrown));
    }

    private static String remedy(Throwable thrown) {
        if (thrown instanceof UnsupportedClassVersionError) {
            return "start Kairos with a newer Java, or take a build of it for Java "
                    + Runtime.version().feature();
        }
        if (thrown instanceof ClassFormatError) {
            return "copy the JAR again, or ask its author";
        }
        if (thrown instanceof NoClassDefFoundError || thrown instanceof ClassNotFoundException) {
            return "take a JAR that carries its libraries: a plug-in sees nothing of the host but cron-api and slf4j";
        }
        if (thrown instanceof LinkageError && !(thrown instanceof ExceptionInInitializerError)) {
            return "take a build of it for cron-api " + ApiVersion.CURRENT;
        }
        return "ask its author, or take it away";
    }
}
