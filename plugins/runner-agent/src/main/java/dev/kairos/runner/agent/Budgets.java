package dev.kairos.runner.agent;

import dev.kairos.api.Settings;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Usage;
import dev.kairos.api.run.RunnerHost;
import dev.kairos.api.store.ExecutionQuery;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every limit that holds for a run. A day is the last 24 hours, as the ledger knows them. Immutable. */
final class Budgets {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 40;

    private final List<Budget> all;

    private Budgets(List<Budget> all) {
        this.all = List.copyOf(all);
    }

    static Budgets of(Job job, Settings agent, RunnerHost host) {
        List<Budget> all = new ArrayList<>();
        Budget.Limits own = Budget.read("budget", job.definition().get(JobField.BUDGET, Map.of()));
        all.addAll(Budget.left(
                "the job's budget", own, own.isPerDay() ? day(ExecutionQuery.ofJob(job.id(), PAGE), host) : none()));
        Budget.Limits common = common(agent);
        all.addAll(Budget.left(
                "the budget of all agents",
                common,
                common.isPerDay() ? day(ExecutionQuery.newest(PAGE), host) : none()));
        return new Budgets(all);
    }

    /** What holds for all agents together. */
    private static Budget.Limits common(Settings agent) {
        return Budget.read(agent.path() + ".budget", texts(agent.at("budget")));
    }

    /** The limits that hold for a job, its own and those of all. */
    static List<Budget.Limits> limits(JobDefinition job, Settings agent) {
        return List.of(Budget.read("budget", job.get(JobField.BUDGET, Map.of())), common(agent));
    }

    private static Map<String, String> texts(Settings settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.keys().forEach(key -> settings.text(key).ifPresent(text -> texts.put(key, text)));
        return texts;
    }

    private static Usage none() {
        return Usage.of("");
    }

    /** What the rows that ended in the last day used. They come newest first by their nominal instants. */
    private static Usage day(ExecutionQuery newest, RunnerHost host) {
        Instant from = host.environment().now().minus(DAY);
        Usage sum = none();
        ExecutionQuery query = newest;
        for (int page = 0; page < MOST_PAGES; page++) {
            List<Execution> rows = host.store().ledger().list(query);
            for (Execution row : rows) {
                Optional<Usage> used =
                        row.finishedAt().filter(at -> at.isAfter(from)).isPresent() ? row.usage() : Optional.empty();
                sum = used.isPresent() ? plus(sum, used.get()) : sum;
            }
            if (rows.size() < PAGE || rows.get(rows.size() - 1).scheduledAt().isBefore(from.minus(DAY))) {
                break;
            }
            query = query.after(rows.get(rows.size() - 1));
        }
        return sum;
    }

    private static Usage plus(Usage sum, Usage more) {
        Usage tokens = sum.withTurn(more.tokensIn(), more.tokensOut());
        return more.cost()
                .map(cost -> tokens.withCost(sum.cost().orElse(BigDecimal.ZERO).add(cost)))
                .orElse(tokens);
    }

    /** Ends the run where a limit is reached. */
    void check(Usage used) throws Blocked {
        for (Budget budget : all) {
            if (budget.isReachedBy(used)) {
                throw budget.reached();
            }
        }
    }
}
