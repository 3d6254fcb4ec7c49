package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.orchestrator.delivery.FileLines;
import dev.kairos.orchestrator.delivery.NamedFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What is sent where: the texts, then each file that the run named as a part of its own. Which parts there are follows from
 * the kept output and the channel alone, so that a receipt counts for the same part at each attempt.
 */
record Parcel(DeliveryChannel channel, String address, List<String> texts, List<String> files, Job job) {
    int size() {
        return texts.size() + files.size();
    }

    /** Makes parcels of what the host keeps. */
    record Packer(OrchestratorParts parts) {
        /** What the run said and which files it named; empty if that is gone. What a failure is told with is asked later. */
        Optional<FileLines> words(Envelope envelope, Execution row) throws IOException {
            return envelope.content() == Envelope.Content.ALERT
                    ? Optional.of(FileLines.of(""))
                    : parts.outputs().message(row).map(FileLines::of);
        }

        /**
         * The parcel; asks the channel how it cuts a message.
         *
         * @throws IllegalStateException if it cuts it into nothing
         */
        Parcel pack(Envelope envelope, DeliveryChannel channel, FileLines words, Execution row, Job job) {
            boolean takesFiles = channel.takesFiles();
            List<String> files = takesFiles ? words.paths() : List.of();
            String message = (takesFiles ? words : unsent(words, channel.platform())).text();
            String text = envelope.content() == Envelope.Content.ALERT
                    ? parts.composer().alert(job, row)
                    : parts.composer().result(job, row, message);
            List<String> texts = text.isBlank() && !files.isEmpty() ? List.of() : channel.parts(text);
            if (texts.isEmpty() && files.isEmpty()) {
                throw new IllegalStateException("the channel cuts the message into no part at all");
            }
            return new Parcel(channel, parts.composer().address(envelope.target()), texts, files, job);
        }

        private static FileLines unsent(FileLines words, String platform) {
            return words.noting(words.paths().stream()
                    .map(path -> "(file " + NamedFiles.nameOf(path) + " was not sent: " + platform + " takes no files)")
                    .toList());
        }

        /** One part of it. A file is read now; in the place of one that is gone stands a note, so that the others keep theirs. */
        DeliveryMessage message(Parcel parcel, int part, Envelope envelope) {
            String key = part == 0 ? envelope.id() : envelope.id() + "#" + (part + 1);
            int file = part - parcel.texts().size();
            if (file < 0) {
                return message(parcel, parcel.texts().get(part), key, Optional.empty());
            }
            String path = parcel.files().get(file);
            NamedFiles.Read read = parts.files().read(parcel.job(), envelope.executionId(), path);
            String words = read.attachment().map(Attachment::name).orElseGet(() -> {
                String note = "(file " + NamedFiles.nameOf(path) + " was not sent: " + read.why() + ")";
                return parcel.channel().parts(parts.composer().clean(note)).get(0);
            });
            return message(parcel, words, key, read.attachment());
        }

        private static DeliveryMessage message(Parcel parcel, String text, String key, Optional<Attachment> file) {
            return new DeliveryMessage(parcel.address(), text, key, parcel.job().displayName(), file);
        }
    }
}
