package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.DeliveryChannel;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The seam grows by methods with a default body: a wrapper that forgets one answers in its channel's place. */
final class PassedOnTest {
    @Test
    void eachWrapperOfAChannelPassesOnAllThatAChannelMaySay() {
        for (Class<?> wrapper : List.of(GuardedChannel.class, FactoryChannel.class)) {
            List<String> passedOn = Arrays.stream(wrapper.getDeclaredMethods())
                    .map(Method::getName)
                    .toList();
            assertThat(DeliveryChannel.class.getMethods())
                    .extracting(Method::getName)
                    .as(wrapper.getSimpleName())
                    .allMatch(passedOn::contains);
        }
    }
}
