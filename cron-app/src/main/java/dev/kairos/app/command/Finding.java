package dev.kairos.app.command;

/**
 * Something that is wrong.
 *
 * @param group under which heading it is told
 * @param what what is wrong and where
 * @param advice what to do about it
 */
record Finding(String group, String what, String advice) {}
