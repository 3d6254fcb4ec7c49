package dev.kairos.orchestrator.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
    /** Takes numbers as addresses. */
    private record Numbered(String platform) implements DeliveryChannel {
        @Override
        public void checkAddress(String address) {
            if (!address.matches("-?[0-9]+(:[0-9]+)?")) {
                throw new InvalidInputException(
                        "deliver", address, "not a chat's number", "write " + platform + ":123");
            }
        }

        @Override
        public String send(DeliveryMessage message) {
            return "";
        }
    }

    private final Targets targets =
            new Targets(List.of(new Numbered("telegram"), new Numbered("slack"), new Numbered("matrix")), homes());

    private static Map<String, String> homes() {
        Map<String, String> homes = new LinkedHashMap<>();
        homes.put("slack", "55");
        homes.put("telegram", "77");
        return homes;
    }

    private static JobDefinition job(Object deliver, Map<String, Object> origin) {
        JobDefinition.Builder job = JobDefinition.builder();
        if (!deliver.equals("")) {
            job.setRaw(JobField.DELIVER, deliver);
        }
        if (!origin.isEmpty()) {
            job.set(JobField.ORIGIN, origin);
        }
        return job.build();
    }

    private List<String> resolved(Object deliver, Map<String, Object> origin) {
        return targets.resolve(job(deliver, origin), ExecutionStatus.OK);
    }

    @Test
    void withoutDeliverAResultGoesToItsOriginOrStaysLocal() {
        assertThat(resolved("", Map.of())).containsExactly("local");
        assertThat(resolved("", Map.of("platform", "Telegram", "chat_id", 12, "thread_id", "3")))
                .containsExactly("telegram:12:3");
        assertThat(resolved("", Map.of("platform", "local"))).containsExactly("local");
    }

    @Test
    void eachWordOfTheGrammarResolves() {
        assertThat(resolved("local", Map.of())).containsExactly("local");
        assertThat(resolved("origin", Map.of())).as("no origin: first home").containsExactly("slack:55");
        assertThat(resolved("all", Map.of())).containsExactly("slack:55", "telegram:77");
        assertThat(resolved("telegram", Map.of())).containsExactly("telegram:77");
        assertThat(resolved("matrix", Map.of())).as("no home: the send says so").containsExactly("matrix");
        assertThat(resolved("Telegram: -100:5", Map.of())).containsExactly("telegram:-100:5");
    }

    @Test
    void withoutAnyHomeWordsFallBackToLocal() {
        Targets bare = new Targets(List.of(), Map.of());
        assertThat(bare.resolve(job("all,origin", Map.of()), ExecutionStatus.OK))
                .containsExactly("local");
    }

    @Test
    void duplicatesCollapseInOrder() {
        assertThat(resolved(List.of("telegram:77", "local", "all", "telegram"), Map.of()))
                .containsExactly("telegram:77", "local", "slack:55");
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionStatus.class,
            names = {"ERROR", "TIMED_OUT", "UNKNOWN", "BLOCKED_CONFIG"})
    void failuresGoWhereTheyAreRedirected(ExecutionStatus status) {
        JobDefinition job = job("telegram", Map.of());
        assertThat(targets.resolve(job, status)).containsExactly("telegram:77");
        JobDefinition redirected =
                job.toBuilder().setRaw(JobField.FAILURE_DELIVER, "slack:9").build();
        assertThat(targets.resolve(redirected, status)).containsExactly("slack:9");
        assertThat(targets.resolve(redirected, ExecutionStatus.OK)).containsExactly("telegram:77");
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionStatus.class,
            names = {"CANCELLED", "SKIPPED"})
    void whatSaysNothingGoesNowhere(ExecutionStatus status) {
        assertThat(targets.resolve(job("all", Map.of()), status)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"telgram", "telegram:abc", "local:1", "all:x", "", ":5", "matrix"})
    void whatCanNeverBeReachedIsRefusedWithAdvice(String target) {
        assertThatThrownBy(() -> targets.check("deliver", List.of("local", target)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.accepted()).startsWith("write "));
    }

    @Test
    void whatCanBeReachedIsAccepted() {
        targets.check("deliver", List.of("local", "origin", "all", "telegram", "TELEGRAM:5", "matrix:5:6"));
        assertThat(targets.platforms()).containsExactly("matrix", "slack", "telegram");
    }

    @Test
    void aTargetLongerThanAnyAddressIsRefusedBeforeItIsStored() {
        JobDefinition.Builder job = JobDefinition.builder();
        String longest = "telegram:" + "7".repeat(991);
        assertThat(job.setRaw(JobField.DELIVER, List.of(longest)).build().get(JobField.DELIVER))
                .contains(List.of(longest));
        for (JobField<?> field : List.of(JobField.DELIVER, JobField.FAILURE_DELIVER)) {
            assertThatThrownBy(() -> job.setRaw(field, "local," + longest + "7"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("longer than 1000 characters");
            assertThatThrownBy(() -> job.setRaw(field, "telegram:" + "\u7535".repeat(400)))
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> job.setRaw(
                        JobField.ORIGIN, Map.of("platform", "slack", "chat_id", "5", "thread_id", "7".repeat(501))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("origin.thread_id");
    }

    @Test
    void aPlatformThatIsNotConfiguredSaysWhatItLacks() {
        Targets some = new Targets(
                List.of(),
                Map.of(),
                Map.of("sms", new InvalidInputException("delivery.sms.from", "", "it is not set", "set from")));
        assertThatThrownBy(() -> some.check("deliver", List.of("sms:+48123456789")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("sms is not configured here: delivery.sms.from (it is not set)");
    }

    @Test
    void aPersonsWordIsResolvedToWhereItLeadsNow() {
        assertThat(targets.resolve("all")).containsExactly("slack:55", "telegram:77");
        assertThat(targets.resolve("origin")).containsExactly("slack:55");
        assertThat(targets.resolve("telegram")).containsExactly("telegram:77");
        assertThat(targets.resolve("matrix:1")).containsExactly("matrix:1");
        assertThatThrownBy(() -> targets.resolve("matrix:x")).isInstanceOf(InvalidInputException.class);
    }
}
