package dev.kairos.app.command;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.KeptFile;
import dev.kairos.builtin.CopiedOutputs;
import dev.kairos.orchestrator.delivery.FileLines;
import dev.kairos.orchestrator.delivery.NamedFiles;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs said, from the files of the home or from the store that keeps it. Used by one thread. */
final class HomePages implements CopiedOutputs.Pages {
    private final JobStore from;
    private final KeptOutputs outputs;
    private final NamedFiles named;
    private final boolean isBackup;
    private long left;
    private long beside;

    private HomePages(Session session, JobStore from, boolean isBackup) {
        Environment environment = session.environment();
        this.from = from;
        this.outputs =
                new KeptOutputs(environment, new OutputFiles(environment, session.home()), from, KeptOutputs.KEPT);
        this.named = new NamedFiles(
                environment,
                from,
                session.home(),
                Path.of(session.io().variable("HOME").orElse("/")));
        this.isBackup = isBackup;
    }

    /** For a copy that is kept: with all that the store keeps itself; what lies in files stays there, and is counted. */
    static HomePages ofBackup(Session session, JobStore from) {
        return new HomePages(session, from, true);
    }

    /** For a copy that is worked on: what the new store does not keep becomes files of the home. */
    static HomePages ofMove(Session session, JobStore from) {
        return new HomePages(session, from, false);
    }

    @Override
    public boolean areAllTaken() {
        return isBackup && from.keepsOutputs();
    }

    @Override
    public Optional<String> page(Execution row) throws IOException {
        return outputs.page(row);
    }

    @Override
    public List<KeptFile> files(Execution row) throws IOException {
        Optional<Job> job = from.jobs().find(row.jobId());
        Optional<FileLines> words = outputs.message(row).map(FileLines::of);
        List<KeptFile> kept = new ArrayList<>();
        if (job.isEmpty() || words.isEmpty()) {
            return kept;
        }
        long together = 0;
        for (String path : words.get().paths()) {
            Optional<Attachment> read = named.read(job.get(), row.id(), path).attachment();
            if (read.isPresent() && together + read.get().size() <= NamedFiles.LARGEST_TOGETHER) {
                together += read.get().size();
                kept.add(KeptFile.of(row.id(), path, read.get().bytes()));
            }
        }
        return kept;
    }

    @Override
    public void beside(Execution row, boolean isTaken) throws IOException {
        if (!isBackup) {
            Optional<String> page = outputs.page(row);
            if (page.isPresent()) {
                outputs.restore(row, page.get());
                beside += isTaken ? 0 : 1;
            }
        } else if (!isTaken && outputs.isFile(row)) {
            left++;
        }
    }

    /** How many outputs went along as files of the home alone. */
    long beside() {
        return beside;
    }

    /** How many outputs are files and stayed out of the copy. */
    long left() {
        return left;
    }
}
