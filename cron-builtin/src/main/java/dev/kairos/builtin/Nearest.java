package dev.kairos.builtin;

import java.util.Optional;

/** Finds the word that was probably meant. Status: internal. */
public final class Nearest {
    private Nearest() {}

    /** The known word with the fewest slips, at most a third of its length and never more than three. */
    public static Optional<String> to(String word, Iterable<String> known) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int slips = slips(word, candidate);
            boolean near = slips <= Math.max(1, Math.min(3, candidate.length() / 3))
                    || (word.length() >= 3 && candidate.startsWith(word));
            if (near && slips < fewest) {
                best = candidate;
                fewest = slips;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Letters to change, add, drop or swap with a neighbour. */
    static int slips(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(last[j - 1] + (same ? 0 : 1), Math.min(row[j - 1], last[j]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
