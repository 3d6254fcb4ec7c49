package dev.kairos.provider.matrix;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.JobHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The work of the story's jobs: it notes which attempt it was called for, and fails where it is to. */
final class Notes implements JobHandler {
    private final List<String> effects = new CopyOnWriteArrayList<>();

    @Override
    public String handle(Call call) throws Exception {
        Execution attempt = call.request().execution();
        String name = call.request().job().definition().name();
        effects.add(name + " " + attempt.trigger().word() + " " + attempt.scheduledAt() + " " + attempt.attempt());
        if (name.equals("fails once") && attempt.attempt() == 1) {
            throw new IllegalStateException("once");
        }
        return "";
    }

    List<String> effects() {
        return List.copyOf(effects);
    }
}
