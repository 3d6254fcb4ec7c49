package dev.kairos.channels.text;

import java.util.List;
import java.util.Objects;

/**
 * What a platform takes as one message: its marks, its unit and how many of them.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param markup how it writes marks
 * @param measure what it counts
 * @param limit how much it takes in one message
 */
public record TextForm(Markup markup, Measure measure, int limit) {
    public TextForm {
        Objects.requireNonNull(markup);
        Objects.requireNonNull(measure);
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
    }

    /** The Markdown as the platform reads it, cut into messages; more than one are numbered. */
    public List<String> parts(String markdown) {
        RichText rich = Markdown.read(markdown);
        return new Splitter(this).split(rich).stream().map(markup::render).toList();
    }

    int sizeOf(RichText text) {
        return measure.of(text, markup.render(text));
    }
}
