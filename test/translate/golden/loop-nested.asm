; Loops in loops.
        mov edx, 3
outer: mov ecx, 3
inner: add rax, rcx
        dec ecx
        jnz inner
        dec edx
        jnz outer
