package dev.kairos.channels.mail;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** What a mail server's refusal means: by its reply code (RFC 5321, section 4.2.1), 4yz to try again and 5yz for good. */
final class MailTrouble {
    private static final int LONGEST_SAYING = 300;
    private static final Pattern CODE = Pattern.compile("^\\s*(\\d{3})[ -]");

    private MailTrouble() {}

    /** Nothing was sent. */
    static DeliveryException whileConnecting(MessagingException e) {
        if (e instanceof AddressException) {
            return new DeliveryException(Kind.TERMINAL, "an address is none: check delivery.email.from");
        }
        if (e instanceof AuthenticationFailedException) {
            boolean isTemporary = code(String.valueOf(e.getMessage())) / 100 == 4;
            return new DeliveryException(
                    isTemporary ? Kind.TRANSIENT : Kind.TERMINAL,
                    "the mail server does not let us in" + said(e)
                            + "; check delivery.email.user and delivery.email.password");
        }
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return new DeliveryException(
                        Kind.TRANSIENT,
                        "the mail server has no TLS certificate for its name that this machine trusts; nothing was sent");
            }
        }
        String words = String.valueOf(e.getMessage());
        if (words.contains("STARTTLS is required")) {
            return new DeliveryException(
                    Kind.TERMINAL,
                    "the mail server offers no STARTTLS; set delivery.email.security: tls, or ask its owner");
        }
        int code = code(words);
        return new DeliveryException(
                code / 100 == 5 ? Kind.TERMINAL : Kind.TRANSIENT,
                "the mail server could not be connected to" + (code > 0 ? said(e) : "") + "; nothing was sent");
    }

    /** The server knows of the mail. */
    static DeliveryException whileSending(MessagingException e) {
        int code = replyCode(e).orElse(0);
        if (code / 100 == 4) {
            return new DeliveryException(Kind.TRANSIENT, "the mail server will take it later" + said(e));
        }
        if (code / 100 == 5) {
            return new DeliveryException(
                    Kind.TERMINAL,
                    "the mail server will not take it" + said(e) + "; check the address and what it says");
        }
        return new DeliveryException(
                Kind.UNKNOWN_FATE, "the connection to the mail server ended; it may have taken the message");
    }

    /** The reply that says most: that about the recipient, which hangs at the end of the chain. */
    private static Optional<Integer> replyCode(MessagingException e) {
        Optional<Integer> code = Optional.empty();
        for (Exception at = e; at instanceof MessagingException trouble; at = trouble.getNextException()) {
            if (trouble instanceof SMTPAddressFailedException address) {
                return Optional.of(address.getReturnCode());
            }
            if (trouble instanceof SMTPSenderFailedException sender) {
                code = Optional.of(sender.getReturnCode());
            } else if (trouble instanceof SMTPSendFailedException send && send.getReturnCode() > 0) {
                code = Optional.of(send.getReturnCode());
            }
        }
        return code;
    }

    private static int code(String words) {
        Matcher code = CODE.matcher(words);
        return code.find() ? Integer.parseInt(code.group(1)) : 0;
    }

    private static String said(MessagingException e) {
        String words = String.valueOf(e.getMessage());
        for (Exception at = e; at instanceof MessagingException trouble; at = trouble.getNextException()) {
            if (trouble instanceof SMTPAddressFailedException) {
                words = String.valueOf(trouble.getMessage());
            }
        }
        String line = words.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return ": " + (line.length() <= LONGEST_SAYING ? line : line.substring(0, LONGEST_SAYING) + "...");
    }
}
