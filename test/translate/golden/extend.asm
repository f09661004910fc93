; Sign extension.
        movsx rax, cl
