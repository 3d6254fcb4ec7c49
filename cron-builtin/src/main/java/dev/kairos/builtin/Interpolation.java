package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.HostFiles;
import dev.kairos.orchestrator.PlainWords;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Fills {@code ${ENV_VAR}} and {@code ${file:/path}} into a value. What is filled in is not looked at again. A doubled
 * dollar sign before the brace stands for a single one and fills nothing in. A file's last line end is dropped; a relative
 * path is relative to the home. In a database's URL (jdbc:...), what is filled in as the value of an option behind the
 * question mark is written as such a value must be: a password may hold any character.
 */
final class Interpolation {
    /** What a name begins with that is a file's. */
    static final String FILE = "file:";

    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final int MAX_LENGTH = 256 * 1024;
    private static final String FORMS = "write ${NAME} for an environment variable, ${file:/path} for a file's content,"
            + " or $${ for a literal ${";

    /** A URL up to the value of one of its options. */
    private static final Pattern OPTION = Pattern.compile("(?si)\\s*jdbc:[^?]*\\?(?:[^&]*&)*[^&=]*=[^&]*");

    private final Map<String, String> environment;
    private final Optional<HostFiles> files;
    private final Path home;

    Interpolation(Map<String, String> environment, Optional<HostFiles> files, Path home) {
        this.environment = environment;
        this.files = files;
        this.home = home;
    }

    /** Whether the text holds something to fill in, so that its value must not be shown. */
    static boolean isNeededIn(String text) {
        return text.contains("${");
    }

    String fill(String where, String text) {
        return fill(where, text, (name, piece) -> {});
    }

    /**
     * Fills in.
     *
     * @param filled hears each piece with the name that stands for it
     */
    String fill(String where, String text, BiConsumer<String, String> filled) {
        if (!isNeededIn(text)) {
            return text;
        }
        StringBuilder whole = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int begin = text.indexOf("${", at);
            if (begin < 0) {
                whole.append(text, at, text.length());
                break;
            }
            if (begin > at && text.charAt(begin - 1) == '$') {
                whole.append(text, at, begin - 1).append("${");
                at = begin + 2;
                continue;
            }
            int end = text.indexOf('}', begin);
            if (end < 0) {
                throw new InvalidInputException(where, text, "a ${ is not closed", FORMS);
            }
            String name = text.substring(begin + 2, end);
            String piece = valueOf(where, name);
            filled.accept(name, piece);
            whole.append(text, at, begin);
            if (isOption(whole)) {
                String encoded = encoded(piece);
                if (!encoded.equals(piece)) {
                    filled.accept(name, encoded);
                }
                whole.append(encoded);
            } else {
                whole.append(piece);
            }
            at = end + 1;
            if (whole.length() > MAX_LENGTH) {
                throw new InvalidInputException(where, "", "longer than 256 KiB once filled in", FORMS);
            }
        }
        return whole.toString();
    }

    /** Whether what comes next is the value of an option of a database's URL. */
    private static boolean isOption(CharSequence before) {
        return OPTION.matcher(before).matches();
    }

    private static String encoded(String piece) {
        return URLEncoder.encode(piece, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String valueOf(String where, String name) {
        if (name.startsWith(FILE)) {
            return content(where, name);
        }
        String value = environment.get(name);
        if (value == null) {
            throw new InvalidInputException(
                    where,
                    "${" + name + "}",
                    "the environment variable " + name + " is not set",
                    "set it where the process is started, or write the value itself");
        }
        return value;
    }

    private String content(String where, String name) {
        String given = "${" + name + "}";
        try {
            Path file = home.resolve(name.substring(FILE.length()));
            if (files.isEmpty()) {
                throw new InvalidInputException(where, given, "files are not read here", "write the value itself");
            }
            byte[] content = files.get()
                    .read(file)
                    .orElseThrow(() -> new InvalidInputException(
                            where, given, "there is no such file", "make the file, readable for this user"));
            if (content.length > MAX_FILE_BYTES) {
                throw new InvalidInputException(where, given, "the file is larger than 64 KiB", "name another file");
            }
            return new String(content, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
        } catch (IOException | InvalidPathException e) {
            throw new InvalidInputException(
                    where,
                    given,
                    "the file cannot be read (" + PlainWords.of(e) + ")",
                    "name a file that is readable for this user");
        }
    }
}
