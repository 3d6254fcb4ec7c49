package dev.kairos.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class PlainWordsTest {
    @Test
    void aMessageStandsWithoutTheClassThatCarriesIt() {
        assertThat(PlainWords.of(new StoreException(StoreException.Kind.FULL, "The disk is full.", null)))
                .isEqualTo("The disk is full.");
        assertThat(PlainWords.of(new UncheckedIOException(new IOException("Is a directory"))))
                .isEqualTo("Is a directory");
        assertThat(PlainWords.of(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(PlainWords.of(new NoClassDefFoundError("acme/Loft"))).isEqualTo("NoClassDefFoundError: acme/Loft");
    }

    @Test
    void aFileOperationSaysWhatItMeans() {
        assertThat(PlainWords.of(new AccessDeniedException("/home/x"))).isEqualTo("no permission for /home/x");
        assertThat(PlainWords.of(new UncheckedIOException(new NoSuchFileException("/home/x"))))
                .isEqualTo("there is no /home/x");
        assertThat(PlainWords.of(new FileSystemException("/home/x", null, "No space left on device")))
                .isEqualTo("/home/x: No space left on device");
    }
}
