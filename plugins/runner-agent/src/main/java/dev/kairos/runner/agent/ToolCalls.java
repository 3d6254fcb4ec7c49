package dev.kairos.runner.agent;

import dev.kairos.api.env.Task;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Carries out what a model asked for in one turn, a few side by side, and answers in the order of asking. */
final class ToolCalls {
    private static final Duration LOOK = Duration.ofHours(1);
    private static final int LONGEST = 60_000;
    private static final int SIDE_BY_SIDE = 8;

    private final AgentSession session;
    private final ToolBox tools;

    ToolCalls(AgentSession session, ToolBox tools) {
        this.session = session;
        this.tools = tools;
    }

    List<ToolExecutionResultMessage> answer(List<ToolExecutionRequest> asked) throws InterruptedException {
        List<ToolExecutionResultMessage> results = new ArrayList<>();
        for (int from = 0; from < asked.size(); from += SIDE_BY_SIDE) {
            results.addAll(together(asked.subList(from, Math.min(asked.size(), from + SIDE_BY_SIDE))));
        }
        return results;
    }

    private List<ToolExecutionResultMessage> together(List<ToolExecutionRequest> asked) throws InterruptedException {
        AtomicReferenceArray<String> answers = new AtomicReferenceArray<>(asked.size());
        List<Task> tasks = new ArrayList<>();
        try {
            for (int i = 1; i < asked.size(); i++) {
                int index = i;
                session.meter().toolCalled();
                tasks.add(session.host().environment().start("kairos-tool", () -> {
                    try {
                        answers.set(index, tools.call(asked.get(index)));
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            session.meter().toolCalled();
            answers.set(0, tools.call(asked.get(0)));
            session.request().progressed();
            for (Task task : tasks) {
                while (!task.join(LOOK)) {
                    // The bound of the attempt is the host's: it interrupts this thread.
                }
                session.request().progressed();
            }
        } catch (InterruptedException ended) {
            tasks.forEach(Task::interrupt);
            throw ended;
        }
        List<ToolExecutionResultMessage> results = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            String answer = answers.get(i);
            results.add(ToolExecutionResultMessage.from(
                    asked.get(i), fenced(asked.get(i), answer == null ? "Error: the call was ended." : answer)));
        }
        return results;
    }

    private String fenced(ToolExecutionRequest asked, String answer) {
        String kept = answer.length() > LONGEST
                ? answer.substring(0, LONGEST) + "\n[... " + (answer.length() - LONGEST) + " characters cut here ...]"
                : answer;
        return session.told().fence().around("the tool " + asked.name(), kept);
    }
}
