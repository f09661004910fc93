; CF of the instruction before it is computed for it.
        add rax, rbx
        adc rcx, rdx
