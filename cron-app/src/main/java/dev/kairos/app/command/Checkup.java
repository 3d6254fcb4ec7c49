package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.ProviderListing;
import dev.kairos.builtin.ProviderResolver;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything doctor looks at, group by group. A check that cannot be made is a finding too. */
final class Checkup {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Session session;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Session session) {
        this.session = session;
    }

    List<Finding> findings() {
        configuration();
        clock();
        permissions();
        DiskSpace.want(session.home())
                .ifPresent(text -> add("Disk", text, "free some space; firing goes on by itself"));
        provider();
        try {
            Optional<OpenHome> home = session.opened();
            home.ifPresent(open -> {
                nodes(open);
                open.faultsOfJobsFile()
                        .forEach(text -> add("jobs.json", text, "mend the file, or write it anew: kairos export"));
                conflicts();
                new JobCheckup(session, open, findings).look();
            });
        } catch (StoreException e) {
            add(
                    "Store",
                    String.valueOf(e.getMessage()),
                    "check the owner and permissions of " + session.home().resolve("cron"));
        } catch (CommandFailure e) {
            add("Home", String.valueOf(e.getMessage()), e.advice());
        } catch (InvalidInputException e) {
            add("Home", String.valueOf(e.getMessage()), e.accepted());
        }
        return findings;
    }

    private void add(String group, String what, String advice) {
        findings.add(new Finding(group, what, advice));
    }

    private void conflicts() {
        try {
            for (Path file : session.environment().files().list(session.home().resolve("cron"))) {
                if (String.valueOf(file.getFileName()).startsWith("jobs.json.conflict-")) {
                    add(
                            "jobs.json",
                            file + " holds an edit that met a newer one; the stored values won",
                            "compare it with jobs.json, edit again what you miss, then delete it");
                }
            }
        } catch (IOException e) {
            add("jobs.json", FileTrouble.words(e), "check the owner and permissions of " + session.home());
        }
    }

    private void configuration() {
        try {
            Configuration configuration = session.configuration();
            configuration
                    .warnings()
                    .forEach(text -> add("Configuration", text, "correct the key in " + configuration.source()));
            configuration
                    .problems()
                    .forEach(problem -> add(
                            "Configuration", String.valueOf(problem.getMessage()), "expected: " + problem.accepted()));
        } catch (InvalidInputException e) {
            add("Configuration", String.valueOf(e.getMessage()), e.accepted());
        }
    }

    private void clock() {
        ScheduleZones.resolve(
                        Optional.empty(),
                        Optional.empty(),
                        session.environment().zone())
                .warnings()
                .forEach(text -> add("Clock and zone", text, "set the machine's zone or cron.timezone"));
    }

    private void permissions() {
        for (String name : List.of("", "config.yaml", "server.token", "cron", "cron/state.db", "cron/jobs.json")) {
            Path path = name.isEmpty() ? session.home() : session.home().resolve(name);
            try {
                if (Files.exists(path) && isOpenToOthers(path)) {
                    String mode = Files.isDirectory(path) ? "700 " : "600 ";
                    add("Permissions", path + " is open to other people on this machine", "chmod " + mode + path);
                }
            } catch (IOException | UnsupportedOperationException e) {
                return;
            }
        }
    }

    private static boolean isOpenToOthers(Path path) throws IOException {
        return Files.getPosixFilePermissions(path).stream().anyMatch(OF_OTHERS::contains);
    }

    private void provider() {
        String asked;
        try {
            asked = ProvidersCommand.asked(session);
        } catch (InvalidInputException e) {
            return;
        }
        List<ProviderListing> listings =
                new ProviderResolver(session.environment(), List.of(Checkup.class.getClassLoader())).list();
        boolean isKnown = asked.equals("none")
                || listings.stream()
                        .anyMatch(
                                listing -> listing.name().filter(asked::equals).isPresent());
        if (!isKnown) {
            add(
                    "Provider",
                    "cron.provider asks for " + asked + ", which is not here",
                    "the built-in ticker fires instead; kairos providers lists what is here");
        }
        listings.forEach(listing -> listing.problem()
                .ifPresent(problem ->
                        add("Provider", listing.className() + ": " + problem, "take its jar away, or mend it")));
    }

    private void nodes(OpenHome home) {
        NodeProbe probe = session.environment().nodeProbe();
        List<Lease> live = LiveNodes.of(home.store(), probe);
        if (live.isEmpty()
                && home.store().jobs().list().stream()
                        .anyMatch(job -> job.engine().dueAt().isPresent())) {
            add("Daemon", "jobs wait and no daemon lives on this home", "start it: kairos serve");
        }
        HeartbeatReader heartbeats = new HeartbeatReader(session.environment(), home.folder());
        for (Lease lease : live) {
            NodeHealth health = heartbeats.of(lease.node().id());
            if (health.condition() == NodeHealth.Condition.STALLED
                    || health.condition() == NodeHealth.Condition.FAILING) {
                add(
                        "Daemon",
                        "node " + health.node() + " is " + health.condition().word(),
                        health.advice());
            }
        }
    }
}
