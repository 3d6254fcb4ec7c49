package dev.kairos.orchestrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptVariablesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "LD_AUDIT",
                "DYLD_INSERT_LIBRARIES",
                "BASH_ENV",
                "ENV",
                "IFS",
                "PS4",
                "SHELLOPTS",
                "PROMPT_COMMAND",
                "BASH_FUNC_ls",
                "GCONV_PATH",
                "GLIBC_TUNABLES",
                "OPENSSL_CONF",
                "PYTHONPATH",
                "PYTHONSTARTUP",
                "PYTHONHOME",
                "NODE_OPTIONS",
                "NODE_PATH",
                "PERL5LIB",
                "PERL5OPT",
                "RUBYOPT",
                "RUBYLIB",
                "LUA_INIT",
                "LUA_INIT_5_4",
                "PHPRC",
                "JAVA_TOOL_OPTIONS",
                "_JAVA_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "CLASSPATH",
                "DOTNET_STARTUP_HOOKS",
                "ld_preload",
                "KAIROS_JOB_ID",
                "KAIROS_ANYTHING",
                "",
                "1A",
                "A-B",
                "A B",
                "A=B",
                "\u00c4"
            })
    void whatChangesWhatRunsOrIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> ScriptVariables.check(Map.of(name, "x")))
                .isInstanceOfSatisfying(InvalidInputException.class, refusal -> {
                    assertThat(refusal.where()).startsWith("env");
                    assertThat(refusal.accepted()).isNotBlank();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "HOME",
                "TZ",
                "LANG",
                "LC_ALL",
                "TARGET",
                "_x",
                "PYTHONUNBUFFERED",
                "PYTHONIOENCODING",
                "NODE_ENV",
                "JAVA_HOME",
                "ENVIRONMENT",
                "API_TOKEN",
                "LDAP_HOST"
            })
    void ordinaryVariablesAreAccepted(String name) {
        ScriptVariables.check(Map.of(name, "any value = at all\n"));
        assertThat(ScriptVariables.isRefused(name)).isFalse();
    }

    @Test
    void aRefusalNeverRepeatsTheValue() {
        assertThatThrownBy(() -> ScriptVariables.check(Map.of("LD_PRELOAD", "geheim")))
                .hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> ScriptVariables.check(Map.of("A", "ge\0heim")))
                .hasMessageContaining("env.A")
                .hasMessageNotContaining("heim");
    }
}
