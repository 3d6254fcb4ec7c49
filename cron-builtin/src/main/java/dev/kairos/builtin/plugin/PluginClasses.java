package dev.kairos.builtin.plugin;

import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/** A plug-in's own class loader: what it carries comes first, but for what is the host's alone. */
final class PluginClasses extends PluginClassLoader {
    PluginClasses(PluginManager jars, PluginDescriptor descriptor, ClassLoader api) {
        super(jars, descriptor, api);
    }

    /** A plug-in that carries a copy of cron-api would otherwise implement that copy, which nobody asks for. */
    @Override
    protected boolean shouldDelegateToParent(String className) {
        return ApiClasses.isShared(className);
    }
}
