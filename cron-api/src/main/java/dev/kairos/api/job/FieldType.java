package dev.kairos.api.job;

/** The shape of a field's value, as the command line and other front ends need to know it. Status: experimental since 0.1. */
public enum FieldType {
    /** One line or several of text. */
    TEXT,
    /** true or false. */
    FLAG,
    /** A duration, see {@link dev.kairos.api.DurationText}. */
    DURATION,
    /** A list of texts. */
    LIST,
    /** Texts by name. */
    TEXT_MAP,
    /** Any JSON object. */
    OBJECT,
    /** One of a fixed set of words. */
    CHOICE,
    /** A whole number. */
    NUMBER,
    /** An instant. */
    INSTANT,
    /** A schedule. */
    SCHEDULE,
    /** A small structure of its own: misfire, retry. */
    STRUCTURE
}
