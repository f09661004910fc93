; The TLB is looked at in line.
        mov rax, [rbx + rcx * 8 + 16]
