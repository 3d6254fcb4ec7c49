package dev.kairos.orchestrator.run;

import dev.kairos.api.env.ChildProcess;

/** Says how a script failed: its code, then standard error, then standard output, each short enough for a chat. */
final class ScriptFailure {
    private static final int LONGEST_STREAM = 1_500;

    private ScriptFailure() {}

    static String describe(ChildProcess child, ScriptFile script) {
        StringBuilder text = new StringBuilder();
        text.append("The script ")
                .append(script.path().getFileName())
                .append(' ')
                .append(end(child.exitCode()));
        append(text, "stderr", child.stderr());
        append(text, "stdout", child.stdout());
        return text.toString();
    }

    private static String end(int code) {
        return switch (code) {
            case 126 -> "ended with exit code 126 (a command in it could not be executed).";
            case 127 -> "ended with exit code 127 (a command in it was not found).";
            case 137 -> "was killed (signal 9; often the system had no memory left).";
            default ->
                code > 128 && code < 128 + 65
                        ? "was ended by signal " + (code - 128) + "."
                        : "ended with exit code " + code + ".";
        };
    }

    /** The end of a stream says most about a failure. */
    private static void append(StringBuilder text, String name, String stream) {
        String clean = ScriptRunner.clean(stream);
        if (clean.isEmpty()) {
            return;
        }
        text.append("\n\n").append(name).append(":\n");
        if (clean.length() > LONGEST_STREAM) {
            int from = clean.length() - LONGEST_STREAM;
            if (Character.isLowSurrogate(clean.charAt(from))) {
                from++;
            }
            text.append("[... the beginning is in the output file ...]\n").append(clean, from, clean.length());
        } else {
            text.append(clean);
        }
    }
}
