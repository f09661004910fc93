; RIP-relative: the page of the code, wherever it is mapped.
        mov rax, [rel next]
next: nop
