package dev.kairos.channels.mail;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.text.Markdown;
import dev.kairos.channels.text.Markup;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * One mail: the words, and the same as HTML. Its Message-ID is the same for each attempt, so that a mail program can show a
 * repeated one once.
 */
record Letter(String from, DeliveryMessage message, Instant now) {
    private static final int LONGEST_SUBJECT = 200;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH);
    private static final String PAGE = "<!doctype html>\n<html><head><meta charset=\"utf-8\"><style>"
            + "pre{background:#f4f4f4;padding:.6em;overflow:auto}table{border-collapse:collapse}"
            + "td,th{border:1px solid #ccc;padding:.2em .5em}</style></head><body dir=\"auto\">\n";

    MimeMessage in(Session session) throws MessagingException {
        InternetAddress sender = new InternetAddress(from, true);
        String id = "<kairos-" + name(message.idempotencyKey()) + "@"
                + sender.getAddress().replaceFirst(".*@", "") + ">";
        MimeMessage mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id);
            }
        };
        mail.setFrom(sender);
        mail.setRecipient(RecipientType.TO, new InternetAddress(message.address(), true));
        mail.setSubject(subject(message.jobName()), StandardCharsets.UTF_8.name());
        mail.setHeader("Date", DATE.format(now.atOffset(ZoneOffset.UTC)));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no robot answers
        MimeMultipart alternatives = new MimeMultipart("alternative");
        alternatives.addBodyPart(part(Markup.plain().render(Markdown.read(message.text())), "plain"));
        alternatives.addBodyPart(part(PAGE + Markdown.html(message.text()) + "</body></html>\n", "html"));
        if (message.attachment().isPresent()) {
            MimeBodyPart words = new MimeBodyPart();
            words.setContent(alternatives);
            mail.setContent(new MimeMultipart(words, part(message.attachment().get())));
        } else {
            mail.setContent(alternatives);
        }
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String words, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(words, StandardCharsets.UTF_8.name(), subtype);
        return part;
    }

    private static MimeBodyPart part(Attachment file) throws MessagingException {
        InternetHeaders headers = new InternetHeaders();
        headers.setHeader("Content-Type", file.mediaType());
        headers.setHeader("Content-Transfer-Encoding", "base64");
        MimeBodyPart part = new MimeBodyPart(headers, Base64.getMimeEncoder().encode(file.bytes()));
        part.setFileName(file.name());
        part.setDisposition(Part.ATTACHMENT);
        return part;
    }

    /** One line: a line end in a job's name would begin a header of its own. */
    private static String subject(String jobName) {
        String line = jobName.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        int end = line.offsetByCodePoints(0, Math.min(LONGEST_SUBJECT, line.codePointCount(0, line.length())));
        return line.isEmpty() ? "Kairos" : line.substring(0, end);
    }

    private static String name(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }
}
