package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Retry;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.run.RunnerHost;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs agent jobs: looks first, runs the script before the agent, tells a fresh session what the job brings, and asks the
 * job's model, or the next one of the chain while no tool was called. Thread-safe.
 */
final class AgentRunner implements JobRunner {
    private static final Logger LOG = LoggerFactory.getLogger("cron.agent");

    private final RunnerHost host;
    private final Slots slots = new Slots();

    AgentRunner(RunnerHost host) {
        this.host = host;
    }

    @Override
    public String kind() {
        return WorkKind.AGENT.word();
    }

    @Override
    public List<Backend> backends(Job job) {
        try {
            return ModelChoice.of(job.definition(), settings()).stream()
                    .map(ModelEntry::backend)
                    .toList();
        } catch (Blocked | InvalidInputException toldByTheRun) {
            return List.of();
        }
    }

    @Override
    public List<String> check(JobDefinition definition) {
        Preflight.refuse(definition);
        return new Preflight(host, settings()).look(definition);
    }

    private AgentSettings settings() {
        return new AgentSettings(host.settings());
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        try {
            Preflight.refuse(request.job().definition());
        } catch (InvalidInputException refused) {
            return RunResult.failed(
                            FailureKind.SECURITY,
                            "The job was not run: " + refused.getMessage() + ". " + refused.accepted() + ".",
                            "")
                    .withReason("policy");
        }
        try {
            AgentSettings settings = settings();
            Preflight preflight = new Preflight(host, settings);
            List<ModelEntry> entries = preflight.sound(
                    usable(ModelChoice.of(request.job().definition(), settings), request),
                    request.job().definition());
            Workplace place =
                    Workplace.of(request.job().definition(), request.stateFolder(), host.childVariables(request));
            Budgets budgets = preflight.pass(request.job());
            slots.take(request, settings.maxParallel());
            try {
                return inItsSlot(request, new Plan(entries, place, budgets, settings));
            } finally {
                slots.giveBack();
            }
        } catch (Blocked blocked) {
            return blocked.result();
        } catch (InvalidInputException refused) {
            return Blocked.of(refused).result();
        }
    }

    /** What a run goes by once it was looked at. */
    private record Plan(List<ModelEntry> entries, Workplace place, Budgets budgets, AgentSettings settings) {}

    /** Those of the chosen entries to which somebody is signed in. */
    private static List<ModelEntry> usable(List<ModelEntry> chosen, RunRequest request) {
        List<String> open = request.backends().stream().map(Backend::entry).toList();
        List<ModelEntry> usable =
                chosen.stream().filter(entry -> open.contains(entry.name())).toList();
        return usable.isEmpty() ? chosen : usable;
    }

    private RunResult inItsSlot(RunRequest request, Plan plan) throws Exception {
        host.environment().files().createFolder(request.stateFolder());
        Optional<PreRun> script = PreRun.of(request, host.scripts());
        if (script.flatMap(PreRun::ended).isPresent()) {
            return script.flatMap(PreRun::ended).orElseThrow();
        }
        if (script.filter(PreRun::isAsleep).isPresent()) {
            return RunResult.silent("silent: the job's script saw nothing to wake the agent for", "");
        }
        request.progressed();
        Assembly told = Assembly.of(request, host, script, plan.place());
        Meter meter = new Meter(plan.entries().get(0));
        ModelEntry last = plan.entries().get(plan.entries().size() - 1);
        for (ModelEntry entry : plan.entries()) {
            AgentSession session =
                    new AgentSession(request, host, entry, told, plan.place(), meter, plan.budgets(), plan.settings());
            RunResult result;
            try {
                result = RunResult.ok(withMissing(backend(entry).answer(session), told));
            } catch (BackendFailure failure) {
                boolean mayRepeat = meter.used().toolCalls() == 0 || repeatsAfterTools(request.job());
                if (failure.isWorthAnotherModel() && meter.used().toolCalls() == 0 && entry != last) {
                    LOG.warn(
                            "cron.agent job={} entry={} failed={} the next entry is asked",
                            request.job().id(),
                            entry.name(),
                            failure.word());
                    continue;
                }
                result = failure.result(mayRepeat);
            } catch (Blocked blocked) {
                result = blocked.result();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                result = RunResult.cancelled("The agent was ended before it finished.", "");
            }
            return result.withBackend(entry.name()).withUsage(meter.used());
        }
        throw new IllegalStateException("the last entry ends the loop");
    }

    private static boolean repeatsAfterTools(Job job) {
        return job.definition().get(JobField.RETRY, Retry.DEFAULT).afterTools().orElse(false);
    }

    private static AgentBackend backend(ModelEntry entry) {
        return entry.way() == ModelEntry.Way.COMMAND ? new CommandBackend() : new ApiBackend();
    }

    /** Names the skills that were not there below the answer, unless that is one of silence. */
    private static String withMissing(String answer, Assembly told) {
        return told.missingSkills().isEmpty() || answer.isBlank() || EarlierOutputs.isSilence(answer)
                ? answer
                : answer + "\n\nMissing skills: " + String.join(", ", told.missingSkills()) + ".";
    }
}
