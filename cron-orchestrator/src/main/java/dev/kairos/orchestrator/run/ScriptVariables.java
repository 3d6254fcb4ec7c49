package dev.kairos.orchestrator.run;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.RunRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The environment of a script: a short list of the host's variables, ours, and the job's own. What is on no list does
 * not reach the child, so a secret of the host cannot leak by being forgotten. Status: internal.
 */
public final class ScriptVariables {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private static final Set<String> PASSED =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR");
    private static final String PASSED_PREFIX = "LC_";

    /** Variables that make a loader, a shell or an interpreter run or load something else. */
    private static final Set<String> REFUSED = Set.of(
            // shells
            "BASH_ENV",
            "ENV",
            "BASHOPTS",
            "SHELLOPTS",
            "IFS",
            "CDPATH",
            "GLOBIGNORE",
            "PROMPT_COMMAND",
            "PS0",
            "PS1",
            "PS2",
            "PS4",
            "ZDOTDIR",
            // C library
            "GCONV_PATH",
            "LOCPATH",
            "NLSPATH",
            "HOSTALIASES",
            "RESOLV_HOST_CONF",
            "MALLOC_TRACE",
            "GETCONF_DIR",
            "OPENSSL_CONF",
            "OPENSSL_ENGINES",
            "OPENSSL_MODULES",
            // interpreters
            "PYTHONPATH",
            "PYTHONHOME",
            "PYTHONSTARTUP",
            "PYTHONINSPECT",
            "PYTHONBREAKPOINT",
            "PYTHONUSERBASE",
            "PYTHONPLATLIBDIR",
            "PYTHONEXECUTABLE",
            "PYTHONWARNINGS",
            "PYTHONPYCACHEPREFIX",
            "NODE_OPTIONS",
            "NODE_PATH",
            "NODE_REPL_EXTERNAL_MODULE",
            "PERL5LIB",
            "PERLLIB",
            "PERL5OPT",
            "PERL5DB",
            "PERL5SHELL",
            "PERLIO_DEBUG",
            "RUBYOPT",
            "RUBYLIB",
            "RUBYSHELL",
            "GEM_HOME",
            "GEM_PATH",
            "BUNDLE_GEMFILE",
            "LUA_INIT",
            "LUA_PATH",
            "LUA_CPATH",
            "PHPRC",
            "PHP_INI_SCAN_DIR",
            "TCLLIBPATH",
            "R_PROFILE",
            "R_PROFILE_USER",
            "R_ENVIRON",
            "R_ENVIRON_USER",
            "JULIA_LOAD_PATH",
            "DENO_DIR",
            // Java
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "JDK_JAVAC_OPTIONS",
            "JAVA_OPTS",
            "CLASSPATH",
            "MAVEN_OPTS",
            "GRADLE_OPTS",
            // .NET
            "DOTNET_STARTUP_HOOKS",
            "CORECLR_ENABLE_PROFILING",
            "CORECLR_PROFILER",
            "CORECLR_PROFILER_PATH");

    /** Whole families of them; KAIROS_ is ours. */
    private static final List<String> REFUSED_PREFIXES =
            List.of("LD_", "DYLD_", "BASH_FUNC_", "LUA_INIT_", "LUA_PATH_", "LUA_CPATH_", "GLIBC_TUNABLES", "KAIROS_");

    private ScriptVariables() {}

    /**
     * Checks a job's {@code env} field, when it is created and again when it runs.
     *
     * @throws InvalidInputException for the first variable that may not be set; the field is {@code env.NAME}
     */
    public static void check(Map<String, String> env) {
        env.forEach(ScriptVariables::check);
    }

    private static void check(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInputException(
                    "env." + shown(name),
                    "",
                    "it cannot be a variable's name",
                    "use letters, digits and _, not beginning with a digit, for example BACKUP_TARGET=/mnt/disk");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidInputException("env." + name, "", "the value holds a NUL character", "remove it");
        }
        if (isRefused(name)) {
            throw new InvalidInputException(
                    "env." + name,
                    "",
                    name.startsWith("KAIROS_")
                            ? "names that begin with KAIROS_ are set by Kairos itself"
                            : "this variable changes what a loader or an interpreter runs",
                    "choose another name, or set it inside the script");
        }
    }

    private static String shown(String name) {
        String readable = name.replaceAll("\\p{Cntrl}", "?");
        return readable.length() > 60 ? readable.substring(0, 60) + "..." : readable;
    }

    /** Whether a job may not set the variable. Case does not matter: some systems ignore it. */
    static boolean isRefused(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return REFUSED.contains(upper) || REFUSED_PREFIXES.stream().anyMatch(upper::startsWith);
    }

    /** The whole environment of the request's child; an agent's may not schedule anything by itself. */
    public static Map<String, String> of(Map<String, String> host, RunRequest request, Path stateFolder) {
        Map<String, String> child = new LinkedHashMap<>();
        child.put("PATH", DEFAULT_PATH);
        host.forEach((name, value) -> {
            if (PASSED.contains(name) || name.startsWith(PASSED_PREFIX)) {
                child.put(name, value);
            }
        });
        child.putAll(request.job().definition().get(JobField.ENV, Map.of()));
        child.put("KAIROS_HOME", request.home().toAbsolutePath().toString());
        child.put("KAIROS_JOB_ID", request.job().id());
        child.put("KAIROS_JOB_NAME", withoutNul(request.job().definition().name()));
        child.put("KAIROS_EXECUTION_ID", request.execution().id());
        child.put("KAIROS_SCHEDULED_AT", request.execution().scheduledAt().toString());
        child.put("KAIROS_STATE_DIR", stateFolder.toAbsolutePath().toString());
        request.storePlace().ifPresent(place -> child.put("KAIROS_STORE", place));
        if (request.job().definition().workKind() == WorkKind.AGENT) {
            child.put("KAIROS_CRON_SESSION", "1");
        }
        return child;
    }

    private static String withoutNul(String text) {
        return text.replace('\0', ' ');
    }
}
