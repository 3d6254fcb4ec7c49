package dev.kairos.bench.scenario;

import java.time.Instant;
import java.util.List;

/** Several nodes of one contender on one store. */
final class SharedBy implements Contender {
    private final List<Contender> nodes;
    private final boolean knowsAll;

    /**
     * The nodes.
     *
     * @param knowsAll whether each node tells what all of them completed, because it asks the store
     */
    SharedBy(List<Contender> nodes, boolean knowsAll) {
        this.nodes = List.copyOf(nodes);
        this.knowsAll = knowsAll;
    }

    @Override
    public void store(int jobs, Instant dueAt) throws Exception {
        nodes.get(0).store(jobs, dueAt);
    }

    @Override
    public void start() throws Exception {
        for (Contender node : nodes) {
            node.start();
        }
    }

    @Override
    public long completed() throws Exception {
        long completed = 0;
        for (Contender node : knowsAll ? nodes.subList(0, 1) : nodes) {
            completed += node.completed();
        }
        return completed;
    }

    @Override
    public void close() {
        nodes.forEach(Contender::close);
    }
}
