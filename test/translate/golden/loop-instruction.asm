; LOOP.
next: add rax, rcx
        loop next
