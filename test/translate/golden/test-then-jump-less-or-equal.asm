; The result and 0.
next: test rax, rax
        jle next
