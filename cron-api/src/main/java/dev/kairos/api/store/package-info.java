/** The store: five small faces that a store plug-in implements. */
@NullMarked
package dev.kairos.api.store;

import org.jspecify.annotations.NullMarked;
