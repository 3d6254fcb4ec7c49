package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.StopSignal;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a provider must implement, for ever. A change here breaks every provider that exists. */
class RequiredSurfaceTest {
    @Test
    void theRequiredSurfaceIsExactlyNameAndStart() throws NoSuchMethodException {
        assertThat(Arrays.stream(CronScheduler.class.getDeclaredMethods())
                        .filter(method -> Modifier.isAbstract(method.getModifiers())))
                .containsExactlyInAnyOrder(
                        CronScheduler.class.getMethod("name"),
                        CronScheduler.class.getMethod("start", StopSignal.class));
        assertThat(CronScheduler.class.getMethod("name").getReturnType()).isEqualTo(String.class);
        Method start = CronScheduler.class.getMethod("start", StopSignal.class);
        assertThat(start.getReturnType()).isEqualTo(void.class);
        assertThat(start.getExceptionTypes()).containsExactly(Exception.class);
    }

    @Test
    void nothingIsInheritedThatAProviderWouldHaveToImplement() {
        assertThat(CronScheduler.class.getSuperclass()).isEqualTo(Object.class);
        assertThat(CronScheduler.class.getInterfaces()).isEmpty();
        assertThat(CronScheduler.class.getDeclaredConstructors())
                .hasSize(1)
                .allMatch(constructor -> constructor.getParameterCount() == 0);
    }
}
