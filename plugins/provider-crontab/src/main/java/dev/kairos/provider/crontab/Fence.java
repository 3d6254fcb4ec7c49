package dev.kairos.provider.crontab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where our block stands in a crontab. The text has one character for each byte, so that foreign lines come out as they
 * went in whatever their encoding.
 *
 * @param before everything before the block
 * @param block the block with its fence, as it stands; empty where there is none
 * @param after everything after it
 */
record Fence(String before, String block, String after) {
    private static final String BEGIN = "# >>> kairos ";
    private static final String END = "# <<< kairos ";

    /**
     * Finds the home's block.
     *
     * @throws Refusal when its fence is damaged
     */
    static Fence find(String text, String id) {
        List<Integer> begins = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        List<String> lines = lines(text);
        for (int i = 0; i < lines.size(); i++) {
            if (isMark(lines.get(i), BEGIN + id)) {
                begins.add(i);
            } else if (isMark(lines.get(i), END + id)) {
                ends.add(i);
            }
        }
        if (begins.isEmpty() && ends.isEmpty()) {
            return new Fence(text, "", "");
        }
        if (begins.size() != 1 || ends.size() != 1 || ends.get(0) < begins.get(0)) {
            throw damaged(id, begins, ends);
        }
        List<String> inside = lines.subList(begins.get(0) + 1, ends.get(0));
        if (inside.stream().anyMatch(line -> line.startsWith(BEGIN) || line.startsWith(END))) {
            throw damaged(id, begins, ends);
        }
        return new Fence(
                String.join("", lines.subList(0, begins.get(0))),
                String.join("", lines.subList(begins.get(0), ends.get(0) + 1)),
                String.join("", lines.subList(ends.get(0) + 1, lines.size())));
    }

    private static Refusal damaged(String id, List<Integer> begins, List<Integer> ends) {
        return new Refusal(
                "the block of this home in the crontab is damaged: it should begin once and end once, and begins"
                        + " at " + places(begins) + " and ends at " + places(ends)
                        + ", perhaps with another home's block inside."
                        + " Nothing was written. Open it with crontab -e, delete the lines between \"" + BEGIN + id
                        + "\" and \""
                        + END + id + "\" with these two, and it is written anew");
    }

    private static String places(List<Integer> lines) {
        return lines.isEmpty()
                ? "no line"
                : "line "
                        + String.join(
                                ", ",
                                lines.stream()
                                        .map(line -> Integer.toString(line + 1))
                                        .toList());
    }

    /** The lines inside the fence, without their ends. */
    List<String> inside() {
        List<String> lines = block.lines().toList();
        return lines.size() < 2 ? List.of() : lines.subList(1, lines.size() - 1);
    }

    /** The crontab with these lines in the place of the block, or at the end where there was none. */
    String with(String id, Path home, List<String> inside) {
        String gap = block.isEmpty() && !before.isEmpty() && !before.endsWith("\n") ? "\n" : "";
        return before + gap + rendered(id, home, inside) + after;
    }

    /** The crontab without the block. */
    String without() {
        return before + after;
    }

    /** The block around these lines. */
    static String rendered(String id, Path home, List<String> inside) {
        List<String> lines = new ArrayList<>();
        lines.add(BEGIN + id + " >>> managed by Kairos: edits up to \"<<< kairos " + id + "\" are overwritten");
        lines.add("# home " + Bytes.inOneLine(home.toString())
                + "; to remove this block: kairos provider switch builtin");
        lines.addAll(inside);
        lines.add(END + id + " <<< end of what Kairos manages");
        return String.join("\n", lines) + "\n";
    }

    private static boolean isMark(String line, String mark) {
        return line.startsWith(mark)
                && (line.length() == mark.length() || Character.isWhitespace(line.charAt(mark.length())));
    }

    /** With their ends. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(from, next));
            from = next;
        }
        return lines;
    }
}
