package dev.kairos.channels.text;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;

/**
 * Makes links of pictures. A mail program that opens a message would fetch a picture from wherever a job's words say, and
 * tell that place who reads it, and when, and whatever stands in its address.
 */
final class ShownAsLinks extends AbstractVisitor {
    @Override
    public void visit(Image image) {
        visitChildren(image);
        if (!isWithinLink(image)) {
            Link link = new Link(image.getDestination(), image.getTitle());
            image.insertBefore(link);
            moveChildren(image, link);
            if (link.getFirstChild() == null) {
                link.appendChild(new Text(image.getDestination()));
            }
        } else {
            while (image.getFirstChild() != null) {
                image.insertBefore(image.getFirstChild());
            }
        }
        image.unlink();
    }

    private static void moveChildren(Node from, Node to) {
        while (from.getFirstChild() != null) {
            to.appendChild(from.getFirstChild());
        }
    }

    private static boolean isWithinLink(Node node) {
        for (Node above = node.getParent(); above != null; above = above.getParent()) {
            if (above instanceof Link) {
                return true;
            }
        }
        return false;
    }
}
