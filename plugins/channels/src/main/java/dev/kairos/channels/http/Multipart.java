package dev.kairos.channels.http;

import dev.kairos.api.delivery.Attachment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578). The same parts give the same bytes: the boundary is a digest
 * of them, which they cannot hold. Not thread-safe.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Multipart {
    private static final String LINE_END = "\r\n";

    private final List<byte[]> pieces = new ArrayList<>();

    /** A field of text. */
    public Multipart field(String name, String value) {
        head("form-data; name=\"" + quoted(name) + "\"", "");
        pieces.add(value.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A field that holds JSON. */
    public Multipart json(String name, Object tree) {
        head("form-data; name=\"" + quoted(name) + "\"", "application/json");
        pieces.add(Json.write(tree).getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A file. */
    public Multipart file(String name, Attachment file) {
        head("form-data; name=\"" + quoted(name) + "\"; filename=\"" + quoted(file.name()) + "\"", file.mediaType());
        pieces.add(file.bytes());
        return this;
    }

    private void head(String disposition, String contentType) {
        String head = "Content-Disposition: " + disposition + LINE_END
                + (contentType.isEmpty() ? "" : "Content-Type: " + contentType + LINE_END) + LINE_END;
        pieces.add(head.getBytes(StandardCharsets.UTF_8));
    }

    /** As browsers write a name within quotes (WHATWG HTML, "multipart form data"). */
    private static String quoted(String name) {
        return name.replace("\r", "%0D").replace("\n", "%0A").replace("\0", "").replace("\"", "%22");
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary();
    }

    byte[] bytes() {
        String boundary = boundary();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < pieces.size(); i += 2) {
            body.writeBytes(("--" + boundary + LINE_END).getBytes(StandardCharsets.UTF_8));
            body.writeBytes(pieces.get(i));
            body.writeBytes(pieces.get(i + 1));
            body.writeBytes(LINE_END.getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + boundary + "--" + LINE_END).getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    private String boundary() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            pieces.forEach(digest::update);
            return "kairos-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }
}
