package dev.kairos.orchestrator.mirror;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as a plain tree of maps, lists, texts, numbers and truth values, read within bounds. */
final class JsonText {
    static final int LARGEST = 64 * 1024 * 1024;
    static final int DEEPEST = 64;

    private static final int LONGEST_TEXT = 4 * 1024 * 1024;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(400)
                    .maxNameLength(10_000)
                    .build())
            .build();

    private final String where;
    private final List<String> warnings = new ArrayList<>();

    JsonText(String where) {
        this.where = where;
    }

    /** What was odd and was read nevertheless. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * Reads one JSON value; a byte-order mark is passed over, of a key that stands twice the last one counts.
     *
     * @throws DamagedFileException if it is not JSON, too large or nested too deeply
     */
    @Nullable
    Object read(byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw new DamagedFileException(
                    where, "it is larger than 64 MiB", "keep fewer jobs in it, or import it in parts");
        }
        int from = startsWithMark(bytes) ? 3 : 0;
        try (JsonParser parser = JSON.createParser(bytes, from, bytes.length - from)) {
            if (parser.nextToken() == null) {
                throw damaged("it is empty", null);
            }
            Object tree = value(parser);
            if (parser.nextToken() != null) {
                throw damaged("something follows the end of the JSON value", parser.currentTokenLocation());
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw damaged("it is nested more than " + DEEPEST + " levels deep or holds a text that is too long", null);
        } catch (JsonProcessingException e) {
            throw damaged(firstLine(e.getOriginalMessage()), e.getLocation());
        } catch (IOException e) {
            throw damaged("it is not text in UTF-8", null);
        }
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    }

    private DamagedFileException damaged(String reason, @Nullable JsonLocation at) {
        String place = at == null || at.getLineNr() < 1
                ? where
                : where + ", line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new DamagedFileException(place, reason, "mend the file by hand");
    }

    private static String firstLine(@Nullable String message) {
        if (message == null) {
            return "it is not JSON";
        }
        String line = message.lines().findFirst().orElse("");
        int source = line.indexOf(" (start marker");
        return "it is not JSON: " + (source < 0 ? line : line.substring(0, source));
    }

    private @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> whole(parser.getText());
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser.getText());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private static Number decimal(String text) {
        double near = Double.parseDouble(text);
        return Double.isFinite(near) ? (Number) near : (Number) new BigDecimal(text);
    }

    /** The text with halves of characters, which UTF-8 cannot carry, replaced. */
    private static String whole(String text) {
        StringBuilder mended = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (isPair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                mended = mended == null ? new StringBuilder(text) : mended;
                mended.setCharAt(i, '\uFFFD');
            }
        }
        return mended == null ? text : mended.toString();
    }

    private Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = whole(parser.currentName());
            int line = parser.currentTokenLocation().getLineNr();
            parser.nextToken();
            if (map.containsKey(key)) {
                warnings.add(where + ", line " + line + ": the key \"" + key + "\" stands twice; the last one counts.");
            }
            map.put(key, value(parser));
        }
        return map;
    }

    private List<@Nullable Object> list(JsonParser parser) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return items;
    }

    /** The tree as indented UTF-8 with a line feed at its end. */
    static byte[] write(Object tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(lines);
        printer.indentObjectsWith(lines);
        try (JsonGenerator generator = JSON.createGenerator(bytes)) {
            generator.setPrettyPrinter(printer);
            write(generator, tree);
            generator.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("a tree in memory could not be written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator generator, @Nullable Object tree) throws IOException {
        if (tree instanceof Map<?, ?> map) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                generator.writeFieldName(whole(String.valueOf(entry.getKey())));
                write(generator, entry.getValue());
            }
            generator.writeEndObject();
        } else if (tree instanceof Iterable<?> items) {
            generator.writeStartArray();
            for (Object item : items) {
                write(generator, item);
            }
            generator.writeEndArray();
        } else if (tree == null) {
            generator.writeNull();
        } else if (tree instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (tree instanceof Number number) {
            generator.writeNumber(String.valueOf(number));
        } else {
            generator.writeString(whole(String.valueOf(tree)));
        }
    }
}
