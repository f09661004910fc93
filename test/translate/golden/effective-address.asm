; LEA touches no memory.
        lea rax, [rbx + rcx * 4 + 5]
