package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.store.StoreException;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.ProviderListing;
import dev.kairos.builtin.ProviderResolver;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginOffer;
import dev.kairos.builtin.plugin.PluginState;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything doctor looks at, group by group. A check that cannot be made is a finding too. */
final class Checkup {
    private final Session session;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Session session) {
        this.session = session;
    }

    List<Finding> findings() {
        configuration();
        clock();
        new PermissionCheckup(session.home(), Files::isWritable).look(findings);
        DiskSpace.want(session.home())
                .ifPresent(text -> add("Disk", text, "free some space; firing goes on by itself"));
        provider();
        plugins();
        session.leaveStoreAsItIs();
        try {
            session.examined().ifPresentOrElse(this::home, this::noStore);
        } catch (StoreException e) {
            refused(e);
        } catch (CommandFailure e) {
            add("Home", String.valueOf(e.getMessage()), e.advice());
        } catch (InvalidInputException e) {
            add("Home", String.valueOf(e.getMessage()), e.accepted());
        }
        return findings;
    }

    private void refused(StoreException failure) {
        CommandFailure told = Failures.saysWhatToDo(
                String.valueOf(failure.getMessage()),
                "check the owner and permissions of " + session.home().resolve("cron"));
        List<NodeHealth> nodes = LostStore.heartbeats(session);
        if (LostStore.isYetToBeMade(failure, nodes) && !Files.exists(jobsFile())) {
            session.say(LostStore.yetToBeMade(told));
            session.say("  " + told.advice());
            return;
        }
        String since = LostStore.since(nodes)
                .map(at -> "; the daemon here has had no answer since " + TimeText.machine(at))
                .orElse("");
        add("Store", told.getMessage() + since, told.advice());
    }

    private void home(OpenHome home) {
        ClockLine.of(home).ifPresent(line -> add("Clock and zone", line.what(), ClockLine.ADVICE));
        List<NodeHealth> nodes = LiveNodes.daemons(home, session.environment());
        Optional<OutsideLine> outside = nodes.isEmpty() ? OutsideLine.of(session, home) : Optional.empty();
        outside.ifPresent(line -> line.look(findings));
        if (nodes.isEmpty()) {
            OutsideLine.unusable(session, home)
                    .ifPresent(why -> add("Provider", why, "mend it, or: kairos provider switch builtin"));
        }
        new NodeCheckup(home, nodes, outside.isPresent(), findings).look();
        if (session.configuration().getLenient(ConfigKey.JOBS_FILE).orElse(true)) {
            jobsFile(home);
        }
        conflicts(home);
        sessions(home);
        zones(home);
        List<Job> jobs = home.store().jobs().list();
        new JobCheckup(session, home, findings).look(jobs);
        new DeliveryCheckup(home, nodes, findings).look(jobs);
        new StoreCheckup(home.store(), session.environment(), StoreFile.of(session), Path.of("/proc")).look(findings);
    }

    private void jobsFile(OpenHome home) {
        Path file = jobsFile();
        if (Files.isDirectory(file)) {
            add(
                    "jobs.json",
                    file + " is a folder, not a file",
                    "move it aside: mv " + file + " " + file + ".folder; the file is then written anew from the store");
        } else {
            home.anyMirror()
                    .fault()
                    .ifPresent(text -> add("jobs.json", text, "mend the file, or write it anew: kairos export"));
        }
    }

    private Path jobsFile() {
        return session.home().resolve("cron").resolve("jobs.json");
    }

    /** Nothing was kept yet, or it is gone: then jobs.json still names it. */
    private void noStore() {
        Path file = jobsFile();
        if (Files.isDirectory(file)) {
            add("jobs.json", file + " is a folder, not a file", "move it aside: mv " + file + " " + file + ".folder");
        } else if (Files.exists(file)) {
            add(
                    "Lost store",
                    "there is " + file + ", but the store it mirrors is gone"
                            + session.configuration()
                                    .placeOf(ConfigKey.STORE_URL)
                                    .map(namer -> ", or lies elsewhere than " + namer + " says")
                                    .orElse(""),
                    "put the store's file back from a backup; any other command (kairos list) makes a new one from"
                            + " jobs.json, in which one-shots are paused");
        }
    }

    private void add(String group, String what, String advice) {
        findings.add(new Finding(group, what, advice));
    }

    private void conflicts(OpenHome home) {
        try {
            for (Path file : session.environment().files().list(session.home().resolve("cron"))) {
                if (String.valueOf(file.getFileName()).startsWith("jobs.json.conflict-")) {
                    add(
                            "jobs.json",
                            file
                                    + (home.anyMirror().canRead(Files.readAllBytes(file))
                                            ? " holds an edit that met a newer one; the stored values won"
                                            : " is a jobs.json that could not be read and was written anew"),
                            "compare it with jobs.json, edit again what you miss, then delete it");
                }
            }
        } catch (IOException e) {
            add("jobs.json", PlainWords.of(e), "check the owner and permissions of " + session.home());
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

    private void provider() {
        String asked;
        try {
            asked = ProvidersCommand.asked(session);
        } catch (InvalidInputException e) {
            return;
        }
        List<ProviderListing> listings = new ProviderResolver(session.environment(), session.plugins()).list();
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
    }

    private void plugins() {
        for (PluginListing plugin : session.plugins().listings()) {
            if (plugin.state() == PluginState.USABLE) {
                continue;
            }
            List<PluginOffer> broken = plugin.offers().stream()
                    .filter(offer -> offer.reason().isPresent())
                    .toList();
            if (broken.isEmpty()) {
                add(
                        "Plug-ins",
                        plugin.source() + ": " + plugin.reason().orElse("it cannot be used"),
                        plugin.remedy().orElse("take it away"));
            }
            broken.forEach(offer -> add(
                    "Plug-ins",
                    plugin.source() + ": " + offer.kind() + " " + offer.className() + ": "
                            + offer.reason().orElse(""),
                    offer.remedy().orElse("take it away")));
        }
    }

    private void zones(OpenHome home) {
        home.runtime()
                .jobsOfFormerZones()
                .forEach(job -> add(
                        "Clock and zone",
                        Echo.title(job) + " keeps the zone "
                                + job.definition().schedule().zone().getId()
                                + ", which was the default when it was made",
                        "if it should follow: kairos edit " + job.id() + " --tz ZONE"));
    }

    private void sessions(OpenHome home) {
        home.runtime()
                .signedOut()
                .forEach(closed -> add(
                        "Sessions",
                        "the session of model entry " + closed.entry() + " lapsed at "
                                + TimeText.machine(closed.since()) + "; its agent jobs do not run",
                        "sign in again or change its credential, then: kairos signed-in " + closed.entry()));
    }
}
