package dev.kairos.runner.agent;

import java.util.regex.Pattern;

/**
 * One thing the tripwire looks for.
 *
 * @param id its name in messages and tests
 * @param meaning what a text that meets it does, a clause
 * @param pattern tried anywhere in the text, with white space made one blank
 */
record SafetyRule(String id, String meaning, Pattern pattern) {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /** Reads one line of the rules' file. */
    static SafetyRule parse(String line) {
        String[] parts = line.split("\t", 3);
        if (parts.length != 3) {
            throw new IllegalStateException("a safety rule has three parts: " + line);
        }
        return new SafetyRule(parts[0], parts[1], Pattern.compile(parts[2], FLAGS));
    }
}
