        mov   rax, cr2
        mov   rbx, dr7
        add   rax, rbx
