; The time-stamp counter, from what is left of the budget before the instruction.
        mov   rcx, rbx
        rdtsc
        add   rcx, rax
