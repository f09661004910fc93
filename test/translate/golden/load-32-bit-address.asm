; Addresses of 32 bits.
        mov rax, [ebx + 4]
