package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Processes;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ChildProgramsTest {
    private final AtomicBoolean isKilled = new AtomicBoolean();

    /** A machine whose programs never end. */
    private Environment mute() {
        ChildProcess child = stub(ChildProcess.class, "killTree");
        Processes processes = (Processes) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Processes.class}, (proxy, method, words) -> child);
        return (Environment) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Environment.class}, (proxy, method, words) -> processes);
    }

    private <T> T stub(Class<T> type, String marking) {
        return type.cast(
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, words) -> {
                    if (method.getName().equals(marking)) {
                        isKilled.set(true);
                    }
                    return method.getReturnType() == boolean.class ? Boolean.FALSE : null;
                }));
    }

    @Test
    void aProgramThatDoesNotEndIsEndedAndSaidByItsNameAndNotByTheShellsLine() {
        UserCrontab crontab = new UserCrontab(
                new ChildPrograms(mute(), Map.of()),
                FastMachine.asItIs(),
                "/usr/bin/crontab",
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "kairos-passage-" + ProcessHandle.current().pid()));
        assertThatThrownBy(crontab::read)
                .hasMessageStartingWith("/usr/bin/crontab -l did not end within 10 s")
                .hasMessageNotContaining("/bin/sh")
                .hasMessageNotContaining("exec");
        assertThat(isKilled).isTrue();
    }
}
