; Locked.
        xchg [rbx], rax
