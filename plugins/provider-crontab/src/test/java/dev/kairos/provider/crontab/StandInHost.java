package dev.kairos.provider.crontab;

import dev.kairos.api.CronContext;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireCommandLine;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.Settings;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.MapSettings;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A host with desired triggers, settings and a fire command, on a clock that stands still. */
final class StandInHost implements CronContext {
    private final Environment environment;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, DesiredTrigger> desired = new TreeMap<>();
    private Optional<FireCommandLine> command;

    StandInHost(String now, Path home) {
        this(standingStill(now), home);
    }

    StandInHost(Environment environment, Path home) {
        this.environment = environment;
        command = Optional.of(job -> List.of("/opt/kairos/bin/kairos", "fire", job, "--home", home.toString()));
        set("timezone", "Europe/Warsaw");
    }

    /** Time passes where somebody sleeps, and nowhere else. */
    private static Environment standingStill(String now) {
        ManualEnvironment made = new ManualEnvironment(Instant.parse(now));
        made.processes(new RealChildren());
        return (Environment) Proxy.newProxyInstance(
                Environment.class.getClassLoader(), new Class<?>[] {Environment.class}, (self, method, given) -> {
                    if (method.getName().equals("sleep")) {
                        made.advance((Duration) given[0]);
                        return null;
                    }
                    return method.invoke(made, given);
                });
    }

    static CrontabScheduler bound(CronContext host) {
        CrontabScheduler provider = new CrontabScheduler();
        provider.bind(host);
        return provider;
    }

    void set(String key, String value) {
        settings.put("cron.crontab." + key, value);
    }

    void want(String job, String dueAt, Schedule schedule) {
        desired.put(job, new DesiredTrigger(job, Instant.parse(dueAt), Optional.of(schedule)));
    }

    void want(String job, String dueAt) {
        desired.put(job, new DesiredTrigger(job, Instant.parse(dueAt), Optional.empty()));
    }

    void wantNoMore(String job) {
        desired.remove(job);
    }

    void embed() {
        command = Optional.empty();
    }

    void fireBy(FireCommandLine line) {
        command = Optional.of(line);
    }

    @Override
    public Environment environment() {
        return environment;
    }

    /** Lets time pass on a clock that stands still. */
    void advance(Duration by) {
        try {
            environment.sleep(by);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<DesiredTrigger> desiredTriggers() {
        return List.copyOf(desired.values());
    }

    @Override
    public Settings config() {
        return MapSettings.of(settings).at("cron").at("crontab");
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return type == FireCommandLine.class ? command.map(type::cast) : Optional.empty();
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(1);
    }

    @Override
    public void armed() {}

    @Override
    public FireResult fire(FireRequest request) {
        throw new IllegalStateException("the crontab fires from outside");
    }

    @Override
    public TickReport tick() {
        throw new IllegalStateException("the crontab makes no passes");
    }
}
