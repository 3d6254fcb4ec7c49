package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server's tool as the library describes tools to a model; what its schema says of each property is passed on as it is. */
final class ToolSchemas {
    private ToolSchemas() {}

    static ToolSpecification of(String name, McpSchema.Tool tool) throws JsonProcessingException {
        String description = Optional.ofNullable(tool.description())
                .or(() -> Optional.ofNullable(tool.title()))
                .orElse(name);
        return of(name, description, Optional.ofNullable(tool.inputSchema()).orElse(Map.of()));
    }

    static ToolSpecification of(String name, String description, Map<String, Object> schema)
            throws JsonProcessingException {
        JsonObjectSchema.Builder parameters = JsonObjectSchema.builder().addProperties(raw(schema.get("properties")));
        if (schema.get("required") instanceof List<?> required) {
            parameters.required(required.stream().map(String::valueOf).toList());
        }
        if (schema.get("additionalProperties") instanceof Boolean more) {
            parameters.additionalProperties(more);
        }
        Object definitions = schema.containsKey("$defs") ? schema.get("$defs") : schema.get("definitions");
        if (definitions instanceof Map) {
            parameters.definitions(raw(definitions));
        }
        return ToolSpecification.builder()
                .name(name)
                .description(description)
                .parameters(parameters.build())
                .build();
    }

    private static Map<String, JsonSchemaElement> raw(@Nullable Object properties) throws JsonProcessingException {
        Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
        if (properties instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> property : map.entrySet()) {
                elements.put(
                        String.valueOf(property.getKey()),
                        JsonRawSchema.from(Json.MAPPER.writeValueAsString(property.getValue())));
            }
        }
        return elements;
    }
}
