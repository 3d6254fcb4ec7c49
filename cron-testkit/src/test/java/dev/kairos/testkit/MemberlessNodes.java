package dev.kairos.testkit;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.Nodes;
import java.util.List;

/** A face of a store to which nobody belongs. */
class MemberlessNodes implements Nodes {
    @Override
    public void join(NodeIdentity node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean renew(String node) {
        return false;
    }

    @Override
    public List<Lease> leases() {
        return List.of();
    }

    @Override
    public boolean expel(String node, long seenBeat) {
        return false;
    }

    @Override
    public void leave(String node) {
        // nobody is there
    }
}
