package dev.kairos.channels.mail;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.Keys;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The server that takes mail, as it is configured: {@code host}, {@code port}, {@code security}, {@code user} ... */
final class MailServer {
    private static final Duration TIMEOUT = Duration.ofSeconds(50);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> SETTINGS =
            Set.of("host", "port", "from", "security", "user", "password", "ca_certificate");
    private static final List<String> SECURITY = List.of("starttls", "tls", "none");

    private final Keys keys;

    MailServer(Keys keys) {
        this.keys = keys;
        keys.refuseOthers(SETTINGS);
        keys.need("host", "smtp.example.org");
        keys.need("from", "kairos@example.org");
        security();
    }

    private String security() {
        String word = keys.text("security").orElse("starttls");
        if (!SECURITY.contains(word)) {
            throw new InvalidInputException(
                    "delivery.email.security", word, "no such way", "write one of " + String.join(", ", SECURITY));
        }
        return word;
    }

    /** The bound on one mail. */
    Duration timeout() {
        return bounded("timeout", TIMEOUT);
    }

    private Duration bounded(String key, Duration otherwise) {
        Duration wish = keys.duration(key, otherwise);
        return wish.compareTo(TIMEOUT) > 0 || wish.toMillis() < 1 ? TIMEOUT : wish;
    }

    /** Hands it over and answers with the mail's Message-ID. */
    String send(DeliveryMessage message, Instant now) throws DeliveryException {
        Session session = Session.getInstance(properties());
        Transport transport = null;
        boolean isConnected = false;
        try {
            MimeMessage mail = new Letter(keys.required("from", "kairos@example.org"), message, now).in(session);
            transport = session.getTransport("smtp");
            connect(transport);
            isConnected = true;
            transport.sendMessage(mail, mail.getAllRecipients());
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw isConnected ? MailTrouble.whileSending(e) : MailTrouble.whileConnecting(e);
        } finally {
            close(transport);
        }
    }

    private void connect(Transport transport) throws MessagingException, DeliveryException {
        String host = keys.required("host", "smtp.example.org");
        Optional<String> user = keys.text("user");
        int port = (int) keys.number("port", security().equals("tls") ? 465 : 587);
        if (user.isPresent() && security().equals("none")) {
            throw new DeliveryException(
                    Kind.TERMINAL,
                    "a password is not sent over a connection that is not encrypted; set delivery.email.security to"
                            + " starttls or tls");
        }
        if (user.isPresent()) {
            transport.connect(host, port, user.get(), keys.required("password", "${MAIL_PASSWORD}"));
        } else {
            transport.connect(host, port, null, null);
        }
    }

    private Properties properties() {
        String security = security();
        Properties properties = new Properties();
        Duration toConnect = bounded("connect_timeout", CONNECT_TIMEOUT);
        properties.put("mail.smtp.connectiontimeout", Long.toString(toConnect.toMillis()));
        properties.put("mail.smtp.timeout", Long.toString(timeout().toMillis()));
        properties.put("mail.smtp.writetimeout", Long.toString(timeout().toMillis()));
        properties.put("mail.smtp.auth", String.valueOf(keys.text("user").isPresent()));
        properties.put("mail.smtp.starttls.enable", String.valueOf(security.equals("starttls")));
        properties.put("mail.smtp.starttls.required", String.valueOf(security.equals("starttls")));
        properties.put("mail.smtp.ssl.enable", String.valueOf(security.equals("tls")));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.quitwait", "false");
        keys.text("ca_certificate")
                .ifPresent(pem -> properties.put("mail.smtp.ssl.socketFactory", OwnAuthority.socketFactory(pem)));
        return properties;
    }

    private static void close(@org.jspecify.annotations.Nullable Transport transport) {
        if (transport != null) {
            try {
                transport.close();
            } catch (MessagingException e) {
                // what was confirmed stays confirmed
            }
        }
    }
}
