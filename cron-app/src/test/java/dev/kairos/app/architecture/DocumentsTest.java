package dev.kairos.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.app.Kairos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say about the tree is true of the tree. */
final class DocumentsTest {
    private static final Path ROOT = Production.sourceTree();
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)[^)]*\\)");

    @Test
    void everyTopLevelFolderHasItsReason() throws IOException {
        String reasons = Files.readString(ROOT.resolve("docs/adr/0001-top-level-folders.md"));
        try (Stream<Path> entries = Files.list(ROOT)) {
            List<String> unexplained = entries.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !List.of("target", ".git", ".idea", ".vscode", ".settings")
                            .contains(name))
                    .filter(name -> !reasons.contains("| `" + name + "` |"))
                    .toList();
            assertThat(unexplained)
                    .as("folders without a line in docs/adr/0001")
                    .isEmpty();
        }
        List<String> vanished = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
                .matcher(reasons)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !Files.isDirectory(ROOT.resolve(name)))
                .toList();
        assertThat(vanished).as("lines in docs/adr/0001 without a folder").isEmpty();
    }

    @Test
    void everyRelativeLinkLeadsSomewhere() throws IOException {
        List<String> dead = markdown()
                .flatMap(file -> LINK.matcher(read(file))
                        .results()
                        .map((MatchResult link) -> link.group(1))
                        .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
                        .filter(target -> !Files.exists(file.resolveSibling(target)))
                        .map(target -> ROOT.relativize(file) + " -> " + target))
                .toList();
        assertThat(dead).isEmpty();
    }

    @Test
    void theReadmesProviderIsTheExamplesSource() throws IOException {
        String source = Files.readString(
                ROOT.resolve("examples/custom-provider/src/main/java/dev/kairos/examples/pulse/PulseProvider.java"));
        List<String> snippets = blocks("java");
        assertThat(snippets).hasSize(1);
        assertThat(source).endsWith(snippets.get(0));
    }

    @Test
    void theReadmesCommandsExist() throws IOException {
        List<String> lines = blocks("sh").stream().flatMap(String::lines).toList();
        List<String> commands = lines.stream()
                .filter(line -> line.startsWith("./kairos "))
                .map(line -> line.split("\\s+")[1])
                .toList();
        assertThat(commands).contains("quickstart", "add", "serve");
        assertThat(commands).allSatisfy(command -> {
            var out = new ByteArrayOutputStream();
            var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
            int exit = Kairos.run(
                    new String[] {command, "--help"}, InputStream.nullInputStream(), stream, stream, Map.of());
            assertThat(exit).as("%s --help: %s", command, out).isZero();
        });
        String check = lines.stream()
                .filter(line -> line.startsWith("mvn "))
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .findFirst()
                .orElseThrow();
        assertThat(ROOT.resolve(".ci/run")).content().contains("\n  " + check + "\n");
    }

    @Test
    void decisionRecordsAreNumberedOnce() throws IOException {
        try (Stream<Path> records = Files.list(ROOT.resolve("docs/adr"))) {
            List<String> names =
                    records.map(record -> record.getFileName().toString()).toList();
            assertThat(names).isNotEmpty().allMatch(name -> name.matches("\\d{4}-[a-z0-9-]+\\.md"));
            assertThat(names.stream().map(name -> name.substring(0, 4))).doesNotHaveDuplicates();
        }
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static Stream<Path> markdown() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ROOT.relativize(file).toString().contains("target/"))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
