package dev.kairos.app.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.EngineState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the house style asks of every source file and a machine can judge. */
final class HouseStyleTest {
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) (\\w+)",
            Pattern.MULTILINE);
    private static final Pattern STATUS = Pattern.compile("Status:\\s+(?:\\*\\s+)?(stable|experimental|internal)\\b");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b");

    @Test
    void everyPublicTypeOfTheApiSaysItsStatus() throws IOException {
        var silent = javaFiles("cron-api/src/main")
                .filter(file -> !file.endsWith("package-info.java"))
                .filter(HouseStyleTest::isPublicWithoutStatus)
                .toList();
        assertThat(silent)
                .as("public types without 'Status: stable|experimental since|internal' in their Javadoc")
                .isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        var unmarked = javaFiles("")
                .filter(file -> file.toString().contains("/src/main/java/"))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !read(folder.resolve("package-info.java")).contains("@NullMarked"))
                .toList();
        assertThat(unmarked)
                .as("packages without a @NullMarked package-info.java")
                .isEmpty();
    }

    @Test
    void noNameSaysManagerHelperUtilOrImpl() {
        noClasses()
                .that()
                .areTopLevelClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .check(Production.CLASSES);
    }

    @Test
    void noLongConstructorOfTheApiIsCalledFromOutsideIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kairos.api..")
                .should()
                .callConstructorWhere(target(owner(equivalentTo(Envelope.class)
                        .or(equivalentTo(EngineState.class))
                        .or(equivalentTo(EngineState.LastRun.class))
                        .or(equivalentTo(NodeIdentity.class)))))
                .because("they grow with each component: a store, built against an earlier one, uses the builders")
                .check(Production.CLASSES);
    }

    @Test
    void nothingIsLeftForLaterInTheSources() throws IOException {
        Path self = Path.of("HouseStyleTest.java");
        List<Path> unfinished = javaFiles("")
                .filter(file -> !file.endsWith(self))
                .filter(file -> UNFINISHED.matcher(read(file)).find())
                .toList();
        assertThat(unfinished).isEmpty();
    }

    private static boolean isPublicWithoutStatus(Path file) {
        String text = read(file);
        Matcher type = PUBLIC_TYPE.matcher(text);
        if (!type.find()) {
            return false;
        }
        int comment = text.lastIndexOf("/**", type.start());
        return comment < 0
                || !STATUS.matcher(text.substring(comment, type.start())).find();
    }

    private static Stream<Path> javaFiles(String below) throws IOException {
        Path root = Production.sourceTree();
        try (Stream<Path> files = Files.walk(root.resolve(below))) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !root.relativize(file).toString().contains("target/"))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
