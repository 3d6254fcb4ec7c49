package dev.kairos.builtin.cronjob;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a model is told of the tool {@code cronjob}: its actions, and for each argument what to write. Status: internal. */
public final class CronjobSchema {
    /** The arguments that are fields of a job. */
    static final Set<String> FIELDS = Set.of(
            "name",
            "schedule",
            "prompt",
            "skills",
            "require_skills",
            "tags",
            "deliver",
            "failure_deliver",
            "repeat",
            "allow_silent");

    static final List<String> ACTIONS = List.of("create", "list", "update", "pause", "resume", "run", "remove", "next");

    /** How to write a schedule, with an example of each form. */
    static final String FORMS =
            "30m or in 2h (once, after that time); 2027-01-15T09:00 (once, then); every 2h; weekdays at"
                    + " 9am; every monday 9:30; 0 9 * * MON-FRI (cron, five fields); @daily. Recurring jobs of yours are at"
                    + " least 5 minutes apart";

    private CronjobSchema() {}

    /** What the tool is for. */
    public static String description() {
        return "Schedules work for the user: a prompt that an agent carries out at a time or again and again, and whose"
                + " answer is delivered. The agent starts with no memory of this conversation, so the prompt must say"
                + " everything it needs. Answers say what was understood and when the job is due next; tell the user"
                + " that. You may change only the jobs you created, at most 20.";
    }

    /** The JSON schema of the arguments. */
    public static Map<String, Object> input() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "action",
                with(
                        text("What to do. create needs schedule and prompt; update, pause, resume, run and remove need"
                                + " job; next needs schedule and stores nothing; list needs nothing."),
                        "enum",
                        ACTIONS));
        properties.put("job", text("Which job: its id, its whole name, or the first 4 or more characters of its id."));
        properties.put("schedule", text("When: " + FORMS + "."));
        properties.put(
                "timezone",
                text("The IANA zone of the schedule, for example Europe/Warsaw; the user's default"
                        + " where absent."));
        properties.put("prompt", text("The whole task, in words that need no memory of this conversation."));
        properties.put("name", text("What people call the job."));
        properties.put("skills", texts("Names of skills to load, in order."));
        properties.put("require_skills", flag("Do not run while a skill is missing."));
        properties.put("tags", texts("Labels."));
        properties.put(
                "deliver",
                texts(
                        "Where the answer goes: origin, local, all, or a configured platform such as telegram. Where it was"
                                + " asked for, if absent."));
        properties.put("failure_deliver", texts("Where failures go; as deliver if absent."));
        properties.put("repeat", number("After how many runs it ends; never if absent."));
        properties.put("allow_silent", flag("Whether the answer [SILENT] delivers nothing; true if absent."));
        properties.put("reason", text("With pause: why."));
        properties.put("catch_up", flag("With resume: run what was missed last now."));
        properties.put("wait", flag("With run: wait for the end, ten minutes at most, and say what came of it."));
        properties.put("count", number("With next: how many instants, 1 to 50; 5 if absent."));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", List.of("action"));
        schema.put("additionalProperties", false);
        return schema;
    }

    /** The names of all arguments. */
    @SuppressWarnings("unchecked") // built above
    static Set<String> arguments() {
        return ((Map<String, Object>) input().getOrDefault("properties", Map.of())).keySet();
    }

    private static Map<String, Object> text(String meaning) {
        return typed("string", meaning);
    }

    private static Map<String, Object> flag(String meaning) {
        return typed("boolean", meaning);
    }

    private static Map<String, Object> number(String meaning) {
        return typed("integer", meaning);
    }

    private static Map<String, Object> texts(String meaning) {
        return with(typed("array", meaning), "items", Map.of("type", "string"));
    }

    private static Map<String, Object> typed(String type, String meaning) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("type", type);
        property.put("description", meaning);
        return property;
    }

    private static Map<String, Object> with(Map<String, Object> property, String key, Object value) {
        property.put(key, value);
        return property;
    }
}
