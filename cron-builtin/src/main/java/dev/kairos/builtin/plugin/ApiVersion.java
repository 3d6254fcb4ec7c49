package dev.kairos.builtin.plugin;

/** Which cron-api this host offers to plug-ins. */
final class ApiVersion {
    /** The release, without a word such as SNAPSHOT; a test compares it with the build's. */
    static final String CURRENT = "0.1.0";

    private ApiVersion() {}
}
