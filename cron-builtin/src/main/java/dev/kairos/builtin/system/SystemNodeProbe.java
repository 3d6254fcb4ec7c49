package dev.kairos.builtin.system;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel through {@code /proc}. Where that is missing the identity is a stand-in that no other node shares, so
 * that only the lease tells.
 */
final class SystemNodeProbe implements NodeProbe {
    private static final Path PROC = Path.of("/proc");

    private final LongSupplier chance;
    private final Path proc;
    private @Nullable NodeIdentity self;

    SystemNodeProbe(LongSupplier chance) {
        this(chance, PROC);
    }

    SystemNodeProbe(LongSupplier chance, Path proc) {
        this.chance = chance;
        this.proc = proc;
    }

    @Override
    public synchronized NodeIdentity self() {
        NodeIdentity known = self;
        if (known == null) {
            known = identity();
            self = known;
        }
        return known;
    }

    private NodeIdentity identity() {
        long pid = ProcessHandle.current().pid();
        String nonce = "%016x".formatted(chance.getAsLong());
        String bootId = read("sys/kernel/random/boot_id");
        String namespace = namespace();
        long ticks = ProcStat.read(proc, pid).map(ProcStat::startTicks).orElse(0L);
        return bootId.isEmpty() || namespace.isEmpty() || ticks == 0
                ? NodeIdentity.builder("unknown-" + nonce, pid, nonce).build()
                : NodeIdentity.builder(bootId, pid, nonce)
                        .pidNamespace(namespace)
                        .startTicks(ticks)
                        .build();
    }

    /** A file of the kernel's, stripped; empty where it cannot be read. */
    private String read(String file) {
        try {
            return Files.readString(proc.resolve(file)).strip();
        } catch (IOException | RuntimeException unreadable) {
            return "";
        }
    }

    private String namespace() {
        try {
            return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
        } catch (IOException | RuntimeException unreadable) {
            return "";
        }
    }

    @Override
    public Optional<String> host() {
        return Optional.of(read("sys/kernel/hostname")).filter(name -> !name.isEmpty());
    }

    @Override
    public Liveness livenessOf(NodeIdentity node) {
        NodeIdentity own = self();
        if (node.equals(own)) {
            return Liveness.ALIVE;
        }
        if (node.pidNamespace().isEmpty()
                || !node.bootId().equals(own.bootId())
                || !node.pidNamespace().equals(own.pidNamespace())) {
            return Liveness.UNKNOWN;
        }
        Path stat = proc.resolve(node.pid() + "/stat");
        try {
            Optional<ProcStat> found = ProcStat.parse(Files.readString(stat, StandardCharsets.ISO_8859_1));
            return found.map(state -> judge(state, node)).orElse(Liveness.UNKNOWN);
        } catch (NoSuchFileException gone) {
            return absence();
        } catch (IOException | RuntimeException unreadable) {
            // A process that ends while it is being read answers ESRCH.
            return Files.exists(stat) ? Liveness.UNKNOWN : absence();
        }
    }

    private static Liveness judge(ProcStat found, NodeIdentity node) {
        if (found.startTicks() != node.startTicks() || found.isDead()) {
            return Liveness.DEAD;
        }
        return found.isStopped() ? Liveness.STOPPED : Liveness.ALIVE;
    }

    /** A /proc mounted with hidepid shows nobody else's processes: then absence proves nothing. */
    private Liveness absence() {
        return Files.exists(proc.resolve("1/stat")) ? Liveness.DEAD : Liveness.UNKNOWN;
    }
}
