; Flags may be set or not: they are in local variables afterwards.
        shl rax, cl
