package dev.kairos.provider.chronos;

/** Some jobs are saved and have no trigger, or not the right one; the others do. The text names them and says why. */
final class NotRegisteredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotRegisteredException(String message) {
        super(message);
    }
}
