package dev.kairos.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads config.yaml into a flat map from dotted paths to scalars and lists; blank ones are absent. Bounded. */
final class ConfigFile {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_DEPTH = 30;
    private static final String EXAMPLE = "correct the file, for example:\ncron:\n  provider: builtin\n  interval: 60s";

    private final Map<String, Object> values = new LinkedHashMap<>();

    private ConfigFile() {}

    /**
     * The file's content; empty if there is no file.
     *
     * @throws InvalidInputException if it cannot be read or is no YAML mapping; the message carries line and column but
     *     never a line of the file
     */
    static Map<String, Object> read(HostFiles files, Path file) {
        byte[] content;
        try {
            content = files.read(file).orElse(new byte[0]);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file.toString(), "", "cannot be read: " + e.getMessage(), "make it readable for this user");
        }
        return of(file, content);
    }

    /** The same of a file's content. */
    static Map<String, Object> of(Path file, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new InvalidInputException(
                    file.toString(), content.length + " bytes", "larger than 1 MiB", "make the file smaller");
        }
        if (content.length == 0) {
            return Map.of(); // Most homes have none: a start then loads no YAML at all.
        }
        return flatten(file, parse(file, text(file, content)));
    }

    private static String text(Path file, byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(file.toString(), "", "is not UTF-8 text", "save it as UTF-8");
        }
    }

    private static Map<String, Object> parse(Path file, String text) {
        YAMLFactory factory = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        ObjectMapper mapper = new ObjectMapper(factory);
        try {
            JsonNode tree = mapper.readTree(text);
            if (tree.isMissingNode() || tree.isNull()) {
                return Map.of();
            }
            if (!tree.isObject()) {
                throw new InvalidInputException(
                        file.toString(), "", "holds no keys and values at its top level", EXAMPLE);
            }
            return mapper.convertValue(tree, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException e) {
            String at = e.getLocation() == null
                    ? ""
                    : ", line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new InvalidInputException(file + at, "", "is no valid YAML: " + shortReason(e), EXAMPLE);
        }
    }

    /** The parser's own words up to the first line end: what follows may quote the file, secrets included. */
    private static String shortReason(JsonProcessingException e) {
        String message = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
        String line = message.lines().findFirst().orElse("");
        boolean mayQuoteContent = line.contains("'") && !line.startsWith("Duplicate");
        return line.isBlank() || line.length() > 120 || mayQuoteContent ? "syntax error" : line;
    }

    private static Map<String, Object> flatten(Path file, Map<String, Object> tree) {
        ConfigFile flat = new ConfigFile();
        flat.put(file, "", tree);
        return flat.values;
    }

    private void put(Path file, String prefix, Map<?, ?> tree) {
        tree.forEach((key, value) -> {
            String path = prefix + key;
            if (value instanceof Map<?, ?> inner) {
                if (inner.isEmpty()) {
                    return;
                }
                put(file, path + ".", inner);
            } else if (value != null && !value.toString().isBlank() && values.put(path, value) != null) {
                throw new InvalidInputException(
                        file + ", " + path, "", "is given twice", "keep one of the two places where it stands");
            }
        });
    }
}
