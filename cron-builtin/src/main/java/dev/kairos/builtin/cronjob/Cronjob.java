package dev.kairos.builtin.cronjob;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.store.StoreException;
import dev.kairos.api.tool.AgentTool;
import dev.kairos.api.tool.ToolAnswer;
import dev.kairos.api.tool.ToolCall;
import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tool {@code cronjob} over an application's runtime: an agent of the application schedules work for its user, with an
 * agent's rights, whatever the application itself may do. Thread-safe. Status: experimental since 0.1.
 */
public final class Cronjob implements AgentTool {
    /** The tool's name. */
    public static final String NAME = "cronjob";

    private static final Logger LOG = LoggerFactory.getLogger("cron.tool");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern AGENT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final CronRuntime runtime;
    private final String agent;

    private Cronjob(CronRuntime runtime, String agent) {
        this.runtime = runtime;
        this.agent = agent;
    }

    /**
     * The tool of one agent. What is created through it is that agent's, of any process: it may change these jobs and no
     * others, and have twenty at most.
     *
     * @param runtime which is started, stopped and closed by the application
     * @param agent the agent's name, letters, digits, dot, dash and underscore
     */
    public static AgentTool of(CronRuntime runtime, String agent) {
        if (!AGENT.matcher(agent).matches()) {
            throw new IllegalArgumentException(
                    "the agent's name has letters, digits, '.', '-' and '_', 1 to 64: " + agent);
        }
        return new Cronjob(runtime, agent);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return CronjobSchema.description();
    }

    @Override
    public Map<String, Object> schema() {
        return CronjobSchema.input();
    }

    @Override
    public ToolAnswer call(ToolCall call) throws InterruptedException {
        try {
            return new ToolAnswer(json(new CronjobActions(new RuntimeHome(runtime), agent, call).answer()), false);
        } catch (InvalidInputException refused) {
            return error(String.valueOf(refused.getMessage()), refused.accepted());
        } catch (StoreException trouble) {
            LOG.warn("cron.tool agent={} store={}", agent, trouble.kind(), trouble);
            return error("the jobs cannot be read or written now", "try again in a moment, then tell the user");
        } catch (IOException | RuntimeException | LinkageError trouble) {
            LOG.error("cron.tool agent={} failed", agent, trouble);
            return error("this should not have happened", "tell the user; the application's log says more");
        }
    }

    private static ToolAnswer error(String what, String advice) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("what", what);
        error.put("do", advice);
        return new ToolAnswer(json(Map.of("error", error)), true);
    }

    private static String json(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
