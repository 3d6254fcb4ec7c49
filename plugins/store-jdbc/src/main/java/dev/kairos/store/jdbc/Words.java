package dev.kairos.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the text of a statement becomes that of one dialect, and how it takes a list. */
final class Words {
    /** Lists are filled up to one of these, so that there are few statements to prepare. */
    private static final int[] SIZES = {1, 10, 100, 1_000, 10_000};

    /** How many values are asked for in one statement. */
    static final int LONGEST_LIST = 1_000;

    private static final Pattern OF_A_DIALECT = Pattern.compile("\\{(\\w+) ([^}]*)}");

    private Words() {}

    /** The text without the words of other dialects. */
    static String in(String dialect, String text) {
        if (text.indexOf('{') < 0) {
            return text;
        }
        return OF_A_DIALECT
                .matcher(text)
                .replaceAll(found -> found.group(1).equals(dialect) ? Matcher.quoteReplacement(found.group(2)) : "");
    }

    /** The places of a list of so many values, in parentheses. */
    static String places(int values) {
        return "(?" + ", ?".repeat(padded(values) - 1) + ")";
    }

    /** The values in lists that are short enough for one statement. */
    static <T> List<List<T>> parts(Collection<T> values) {
        List<T> all = List.copyOf(values);
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += LONGEST_LIST) {
            parts.add(all.subList(from, Math.min(all.size(), from + LONGEST_LIST)));
        }
        return parts;
    }

    static int padded(int values) {
        for (int size : SIZES) {
            if (values <= size) {
                return size;
            }
        }
        throw new IllegalArgumentException(values + " values for one statement");
    }
}
