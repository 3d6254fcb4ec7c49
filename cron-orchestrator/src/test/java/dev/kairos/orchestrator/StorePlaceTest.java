package dev.kairos.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorePlaceTest {
    private final AtomicInteger asked = new AtomicInteger();

    private StorePlace of(Supplier<Optional<String>> answer) {
        return new StorePlace((JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, args) -> {
                    asked.incrementAndGet();
                    return answer.get();
                }));
    }

    @Test
    void aStoreIsAskedOnce() {
        StorePlace place = of(() -> Optional.of("0a1b2c3d"));
        assertThat(place.ask()).contains("0a1b2c3d");
        assertThat(place.askIfItAnswers()).contains("0a1b2c3d");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aStoreThatIsSilentIsAskedAgain() {
        StorePlace place = of(() -> {
            if (asked.get() < 3) {
                throw new StoreException(StoreException.Kind.TRANSIENT, "the store is silent", null);
            }
            return Optional.of("0a1b2c3d");
        });
        assertThatThrownBy(place::ask).isInstanceOf(StoreException.class);
        assertThat(place.askIfItAnswers()).isEmpty();
        assertThat(place.ask()).contains("0a1b2c3d");
    }

    @Test
    void whateverElseAStoreThrowsItHasNoPlace() {
        StorePlace place = of(() -> {
            throw new IllegalStateException("a store of somebody else's");
        });
        assertThat(place.ask()).isEmpty();
        assertThat(place.ask()).isEmpty();
        assertThat(asked).as("and is not asked again").hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a\0b",
                "/home/x",
                "line\n",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void whatNoVariableShouldHoldIsNoPlace(String text) {
        assertThat(of(() -> Optional.of(text)).ask()).isEmpty();
    }
}
