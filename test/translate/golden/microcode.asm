; CPUID is the interpreter's.
        add rax, 1
        cpuid
