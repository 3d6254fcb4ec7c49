package dev.kairos.testkit.delivery;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers each send and answers as the test told it to; it confirms where it was told nothing. */
final class RecordingChannel implements DeliveryChannel {
    /** What a platform may do. */
    @FunctionalInterface
    interface Answer {
        String give() throws Exception;
    }

    record Send(String address, String text, String key, String thread) {}

    private final String platform;
    private final Duration lifetimeOfKeys;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<Send> sends = new CopyOnWriteArrayList<>();
    private final Deque<Duration> turns = new ArrayDeque<>();
    private final List<String> files = new CopyOnWriteArrayList<>();
    private volatile boolean takesFiles;
    private volatile int partLength = Integer.MAX_VALUE;

    RecordingChannel(String platform, Duration lifetimeOfKeys) {
        this.platform = platform;
        this.lifetimeOfKeys = lifetimeOfKeys;
    }

    static Answer refusal(DeliveryException.Kind kind) {
        return () -> {
            throw new DeliveryException(kind, "503 try later");
        };
    }

    static Answer busyFor(Duration retryAfter) {
        return () -> {
            throw new DeliveryException(DeliveryException.Kind.TRANSIENT, "429", retryAfter, null);
        };
    }

    /** The next answers to sends to the address. */
    synchronized RecordingChannel answers(String address, Answer... next) {
        answers.computeIfAbsent(address, key -> new ArrayDeque<>()).addAll(List.of(next));
        return this;
    }

    /** Cuts messages into parts of at most that many characters. */
    void partLength(int characters) {
        partLength = characters;
    }

    /** Takes files from now on. */
    RecordingChannel takingFiles() {
        takesFiles = true;
        return this;
    }

    /** The files it got, each as name, type and text. */
    List<String> files() {
        return files;
    }

    /** The waits of the next turns; none where it was told nothing. */
    synchronized RecordingChannel turns(Duration... waits) {
        turns.addAll(List.of(waits));
        return this;
    }

    @Override
    public synchronized Duration turn(String address) {
        return turns.isEmpty() ? Duration.ZERO : turns.removeFirst();
    }

    @Override
    public boolean takesFiles() {
        return takesFiles;
    }

    List<Send> sends() {
        return sends;
    }

    List<String> addresses() {
        return sends.stream().map(Send::address).toList();
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public void checkAddress(String address) {
        // every address will do
    }

    @Override
    public List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < text.length(); i += Math.min(partLength, text.length() - i)) {
            parts.add(text.substring(i, i + Math.min(partLength, text.length() - i)));
        }
        return parts;
    }

    @Override
    public Duration recognisesRepetitionFor() {
        return lifetimeOfKeys;
    }

    @Override
    @SuppressWarnings("AvoidThrowingRawExceptionTypes")
    public String send(DeliveryMessage message) throws DeliveryException, InterruptedException {
        sends.add(new Send(
                message.address(),
                message.text(),
                message.idempotencyKey(),
                Thread.currentThread().getName()));
        message.attachment()
                .ifPresent(file -> files.add(
                        file.name() + " " + file.mediaType() + " " + new String(file.bytes(), StandardCharsets.UTF_8)));
        try {
            return next(message.address()).give();
        } catch (DeliveryException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized Answer next(String address) {
        Deque<Answer> told = answers.get(address);
        return told == null || told.isEmpty() ? () -> "receipt-" + sends.size() : told.removeFirst();
    }
}
