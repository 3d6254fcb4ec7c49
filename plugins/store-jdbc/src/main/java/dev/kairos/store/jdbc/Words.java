package dev.kairos.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    /** The condition that a column has one of so many values: an array where the dialect takes arrays, else a list. */
    static String oneOf(int values) {
        return "{sqlite IN (?" + ", ?".repeat(padded(values) - 1) + ")}{postgresql = ANY (?)}";
    }

    /** A table {@code a} with so many values in its one column, {@code column1}: an array, or a parameter for each. */
    static String each(int values) {
        return "{sqlite (VALUES (?)" + ", (?)".repeat(values - 1) + ")}{postgresql unnest(?::text[])} AS a{postgresql "
                + "(column1)}";
    }

    /**
     * Rows to insert: many in one statement where the dialect takes arrays, else one in each.
     *
     * @param types a letter for each column, t for text and n for number
     */
    static String rows(String types) {
        return "{sqlite VALUES (?" + ", ?".repeat(types.length() - 1) + ")}{postgresql SELECT * FROM " + arrays(types)
                + "}";
    }

    /**
     * An update of rows by their id, many in one statement where the dialect takes arrays. The id is the last parameter.
     *
     * @param types a letter for each column, t for text and n for number
     */
    static String update(String table, String types, String... columns) {
        List<String> all = List.of(columns);
        return "UPDATE " + table + " SET "
                + all.stream()
                        .map(column -> column + " = {sqlite ?}{postgresql v." + column + "}")
                        .collect(Collectors.joining(", "))
                + "{postgresql  FROM " + arrays(types + "t") + " AS v (" + String.join(", ", all) + ", id)} WHERE "
                + table + ".id = {sqlite ?}{postgresql v.id}";
    }

    static String arrays(String types) {
        return types.chars()
                .mapToObj(type -> type == 't' ? "?::text[]" : "?::bigint[]")
                .collect(Collectors.joining(", ", "unnest(", ")"));
    }

    /** Whether a statement of a dialect takes columns for its parameters. */
    static boolean isColumnar(String statement) {
        return statement.contains(" FROM unnest(") && !statement.startsWith("SELECT");
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
