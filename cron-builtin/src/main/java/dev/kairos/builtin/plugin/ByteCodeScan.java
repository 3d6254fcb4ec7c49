package dev.kairos.builtin.plugin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Looks through the byte code of a JAR for what would end or endanger the whole process: no class loader contains that.
 * Whoever hides a call behind reflection is not found.
 */
final class ByteCodeScan {
    private static final int MOST = 50;
    private static final int LARGEST_CLASS = 16 * 1024 * 1024;

    /** Methods by owner; an empty set means all of them. */
    private static final Map<String, Set<String>> DANGEROUS = Map.of(
            "java/lang/System", Set.of("exit", "load", "loadLibrary"),
            "java/lang/Runtime", Set.of("exit", "halt", "load", "loadLibrary"),
            "java/lang/foreign/Linker", Set.of("nativeLinker", "downcallHandle"),
            "java/lang/foreign/SymbolLookup", Set.of("libraryLookup", "loaderLookup"),
            "com/sun/jna/Native", Set.of());

    private final Set<String> findings = new LinkedHashSet<>();

    private ByteCodeScan() {}

    /** What was found, each a sentence; at most some dozens. */
    static List<String> of(byte[] jar) throws IOException {
        ByteCodeScan scan = new ByteCodeScan();
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = entries.getNextEntry();
                    entry != null && scan.findings.size() < MOST;
                    entry = entries.getNextEntry()) {
                if (entry.getName().endsWith(".class")) {
                    scan.look(entry.getName(), entries.readNBytes(LARGEST_CLASS));
                }
            }
        }
        return List.copyOf(scan.findings);
    }

    private void look(String name, byte[] content) {
        try {
            new ClassReader(content).accept(new Classes(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (RuntimeException unreadable) { // what ASM throws for a damaged or too new class
            findings.add(name + " cannot be looked through: "
                    + (unreadable.getMessage() == null ? "it is damaged" : unreadable.getMessage()));
        }
    }

    private final class Classes extends ClassVisitor {
        private String type = "";

        Classes() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String parent,
                String @Nullable [] interfaces) {
            type = name.replace('/', '.');
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            String where = type + "." + name;
            if ((access & Opcodes.ACC_NATIVE) != 0) {
                findings.add(where + " is native: a fault in it ends the whole process");
            }
            return new Methods(where);
        }
    }

    private final class Methods extends MethodVisitor {
        private final String where;

        Methods(String where) {
            super(Opcodes.ASM9);
            this.where = where;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            judge(owner, name);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle method, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    judge(handle.getOwner(), handle.getName());
                }
            }
        }

        private void judge(String owner, String name) {
            Set<String> names = DANGEROUS.get(owner);
            if (names != null && (names.isEmpty() || names.contains(name))) {
                boolean isEnd = name.equals("exit") || name.equals("halt");
                findings.add(where + " calls " + owner.replace('/', '.') + "." + name + ": "
                        + (isEnd ? "it ends the whole process" : "native code, whose faults end the whole process"));
            }
        }
    }
}
