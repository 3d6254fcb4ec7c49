package dev.kairos.orchestrator.memory;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.Nodes;
import java.util.List;

/** The nodes in memory. */
final class MemoryNodes implements Nodes {
    private final Transactions transactions;

    MemoryNodes(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void join(NodeIdentity node) {
        transactions.run(state -> state.leases.putIfAbsent(node.id(), new Lease(node, 0)) == null);
    }

    @Override
    public boolean renew(String node) {
        return transactions.run(state ->
                state.leases.computeIfPresent(node, (id, lease) -> new Lease(lease.node(), lease.beat() + 1)) != null);
    }

    @Override
    public List<Lease> leases() {
        return transactions.run(state -> List.copyOf(state.leases.values()));
    }

    @Override
    public boolean expel(String node, long seenBeat) {
        return transactions.run(state -> {
            Lease lease = state.leases.get(node);
            return lease != null && lease.beat() == seenBeat && state.leases.remove(node) != null;
        });
    }

    @Override
    public void leave(String node) {
        transactions.run(state -> state.leases.remove(node) != null);
    }
}
