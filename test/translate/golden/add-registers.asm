; 64 bits: no mask is needed.
        add rax, rbx
