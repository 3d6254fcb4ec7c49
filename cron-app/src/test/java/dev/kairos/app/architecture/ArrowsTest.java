package dev.kairos.app.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import java.sql.Connection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and what may show in a module's public face. */
final class ArrowsTest {
    private static final String API = "dev.kairos.api..";
    private static final String ORCHESTRATOR = "dev.kairos.orchestrator..";
    private static final String BUILTIN = "dev.kairos.builtin..";
    private static final String TESTKIT = "dev.kairos.testkit..";
    private static final String APP = "dev.kairos.app..";
    private static final String SERVER = "dev.kairos.app.server..";
    private static final String STORE_JDBC = "dev.kairos.store.jdbc..";
    private static final String CHANNELS = "dev.kairos.channels..";
    private static final String RUNNER_AGENT = "dev.kairos.runner.agent..";
    private static final String PROVIDERS = "dev.kairos.provider..";

    @Test
    void theClassesUnderTestAreThoseOfEveryModule() {
        assertThat(Production.CLASSES.stream().map(ArrowsTest::module).collect(Collectors.toSet()))
                .contains(
                        "api", "orchestrator", "builtin", "testkit", "app", "store", "channels", "runner", "provider");
    }

    @Test
    void theArrowsBetweenTheModulesRunOneWay() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("app")
                .definedBy(APP)
                .layer("builtin")
                .definedBy(BUILTIN)
                .layer("orchestrator")
                .definedBy(ORCHESTRATOR)
                .layer("testkit")
                .definedBy(TESTKIT)
                .layer("plug-ins")
                .definedBy(STORE_JDBC, CHANNELS, RUNNER_AGENT, PROVIDERS)
                .layer("api")
                .definedBy(API)
                .whereLayer("app")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("testkit")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("builtin")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("orchestrator")
                .mayOnlyBeAccessedByLayers("builtin", "app", "testkit")
                .whereLayer("plug-ins")
                .mayOnlyBeAccessedByLayers("app")
                .check(Production.CLASSES);
    }

    @Test
    void theApiUsesTheJdkSlf4jAndJspecifyOnly() {
        classes()
                .that()
                .resideInAPackage(API)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(API, "java..", "javax.crypto..", "org.slf4j..", "org.jspecify.annotations..")
                .check(Production.CLASSES);
    }

    /** An application's open connection is handed through to the store, and nobody on the way asks it anything. */
    @Test
    void theCoreKnowsNoDatabaseNoHttpAndNoCommandLine() {
        noClasses()
                .that()
                .resideInAnyPackage(API, ORCHESTRATOR, BUILTIN, TESTKIT)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.sql..", "javax.sql..", "com.sun.net.httpserver..", "java.net.http..", "picocli..")
                        .and(not(type(Connection.class))))
                .check(Production.CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(API, ORCHESTRATOR, BUILTIN, TESTKIT)
                .should()
                .callMethodWhere(JavaCall.Predicates.target(owner(assignableTo(Connection.class))))
                .check(Production.CLASSES);
    }

    @Test
    void noTypeOfALibraryShowsInAPublicFace() {
        classes()
                .that()
                .resideInAnyPackage(ORCHESTRATOR, BUILTIN, TESTKIT, STORE_JDBC, CHANNELS, RUNNER_AGENT, PROVIDERS)
                .and()
                .arePublic()
                .should(showNoTypeOf(
                        "com.fasterxml.jackson",
                        "org.yaml",
                        "org.sqlite",
                        "org.pf4j",
                        "org.objectweb",
                        "org.commonmark",
                        "jakarta.mail"))
                .check(Production.CLASSES);
    }

    /** A command that only looks at jobs must not pay for models and tools. */
    @Test
    void onlyTheAgentsPlugInAndWhatSpeaksMcpKnowModelsAndTools() {
        noClasses()
                .that()
                .resideOutsideOfPackage(RUNNER_AGENT)
                .and()
                .haveNameNotMatching("dev\\.kairos\\.app\\.command\\.Mcp(Command|Endpoint|Refusal|Tool)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.langchain4j..", "io.modelcontextprotocol..", RUNNER_AGENT))
                .check(Production.CLASSES);
    }

    /** Nor for a server. */
    @Test
    void onlyWhatTheDaemonServesKnowsTheHttpServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER)
                .and()
                .haveNameNotMatching("dev\\.kairos\\.app\\.command\\.(HttpService|StatusOverHttp|McpEndpoint)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.eclipse.jetty..", SERVER))
                .check(Production.CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER)
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.eclipse.jetty.."))
                .check(Production.CLASSES);
    }

    @Test
    void noPackageIsSplitBetweenModules() {
        var sources = new TreeMap<String, Set<String>>();
        for (JavaClass type : Production.CLASSES) {
            String source = type.getSource().orElseThrow().getUri().toString();
            String path = type.getName().replace('.', '/') + ".class";
            assertThat(source).endsWith(path);
            sources.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>())
                    .add(source.substring(0, source.length() - path.length()));
        }
        assertThat(sources)
                .isNotEmpty()
                .allSatisfy((name, roots) -> assertThat(roots).as(name).hasSize(1));
    }

    private static String module(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    private static ArchCondition<JavaClass> showNoTypeOf(String... libraries) {
        return new ArchCondition<>("show no type of " + String.join(", ", libraries) + " to callers") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC)
                                || method.getModifiers().contains(JavaModifier.PROTECTED))
                        .forEach(method -> faces(method)
                                .filter(face -> Stream.of(libraries).anyMatch(face.getName()::startsWith))
                                .forEach(face -> events.add(SimpleConditionEvent.violated(
                                        method, method.getFullName() + " shows " + face.getName()))));
            }
        };
    }

    private static Stream<JavaClass> faces(JavaMethod method) {
        return Stream.of(
                        method.getReturnType().getAllInvolvedRawTypes().stream(),
                        method.getParameterTypes().stream().flatMap(type -> type.getAllInvolvedRawTypes().stream()),
                        method.getExceptionTypes().stream())
                .flatMap(types -> types);
    }
}
