package dev.kairos.app.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.kairos.api.InvalidInputException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON from and to plain trees: maps, lists, texts, numbers, booleans, null. Streaming only, so that a command does not
 * load an object mapper. Safe for any thread.
 *
 * <p>Status: internal.
 */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final int DEEPEST = 200;

    private Json() {}

    /** The tree on one line. Anything that is none of the plain types is written as its text. */
    public static String line(@Nullable Object tree) {
        return write(tree, false);
    }

    /** The tree over several lines, for a single document. */
    public static String document(@Nullable Object tree) {
        return write(tree, true);
    }

    private static String write(@Nullable Object tree, boolean indented) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            if (indented) {
                generator.useDefaultPrettyPrinter();
            }
            write(generator, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator to, @Nullable Object tree) throws IOException {
        if (tree == null) {
            to.writeNull();
        } else if (tree instanceof Map<?, ?> map) {
            to.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                to.writeFieldName(String.valueOf(entry.getKey()));
                write(to, entry.getValue());
            }
            to.writeEndObject();
        } else if (tree instanceof Iterable<?> items) {
            to.writeStartArray();
            for (Object item : items) {
                write(to, item);
            }
            to.writeEndArray();
        } else if (tree instanceof Boolean flag) {
            to.writeBoolean(flag);
        } else if (tree instanceof Number number) {
            writeNumber(to, number);
        } else {
            to.writeString(tree.toString());
        }
    }

    private static void writeNumber(JsonGenerator to, Number number) throws IOException {
        if (number instanceof BigDecimal decimal) {
            to.writeNumber(decimal);
        } else if (number instanceof BigInteger whole) {
            to.writeNumber(whole);
        } else if (number instanceof Double || number instanceof Float) {
            to.writeNumber(number.doubleValue());
        } else {
            to.writeNumber(number.longValue());
        }
    }

    /**
     * Reads one JSON object.
     *
     * @param where the flag, file or line it stands in, for the message
     * @throws InvalidInputException if the text is not exactly one JSON object
     */
    public static Map<String, Object> object(String where, String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw refused(where, text, "a JSON object is expected");
            }
            Map<String, Object> map = map(parser, 1);
            if (parser.nextToken() != null) {
                throw refused(where, text, "there is more text after the object");
            }
            return map;
        } catch (JsonProcessingException e) {
            throw refused(where, text, "not valid JSON: " + reason(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                return map(parser, depth + 1);
            case START_ARRAY:
                return list(parser, depth + 1);
            case VALUE_STRING:
                return parser.getText();
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            case VALUE_NUMBER_INT:
                return parser.getNumberValue();
            case VALUE_NUMBER_FLOAT:
                return parser.getDecimalValue();
            default:
                return null;
        }
    }

    private static Map<String, Object> map(JsonParser parser, int depth) throws IOException {
        refuseDeeper(parser, depth);
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            put(map, key, value(parser, depth));
        }
        return map;
    }

    /** A null counts as absent: plain trees of fields know no null. */
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private static List<Object> list(JsonParser parser, int depth) throws IOException {
        refuseDeeper(parser, depth);
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object item = value(parser, depth);
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private static void refuseDeeper(JsonParser parser, int depth) throws JsonProcessingException {
        if (depth > DEEPEST) {
            throw new JsonParseException(parser, "nested more than " + DEEPEST + " deep");
        }
    }

    private static String reason(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        int end = message.indexOf('\n');
        String first = end < 0 ? message : message.substring(0, end);
        return first.length() > 120 ? first.substring(0, 120) + "..." : first;
    }

    private static InvalidInputException refused(String where, String text, String reason) {
        String plain = TextWidth.plain(text);
        String shown = plain.length() > 60 ? plain.substring(0, 60) + "..." : plain;
        return new InvalidInputException(where, shown, reason, "write an object such as {\"name\": \"value\"}");
    }
}
