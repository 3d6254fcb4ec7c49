package dev.kairos.api.tool;

import java.util.Objects;

/**
 * What a tool tells the model. Status: experimental since 0.1.
 *
 * @param text JSON
 * @param isError whether the call did nothing and must be mended
 */
public record ToolAnswer(String text, boolean isError) {
    /** Checks that there is a text. */
    public ToolAnswer {
        Objects.requireNonNull(text, "text");
    }
}
