package dev.kairos.orchestrator.jobs;

/** Texts as they may stand in a message. */
final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    /** One line of at most 80 characters without control characters. */
    static String text(String given) {
        String line = given.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    static String times(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
