; A loop is a loop.
next: add rax, rcx
        dec ecx
        jnz next
