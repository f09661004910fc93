; A condition chooses.
        cmp rcx, rdx
        cmovg rax, rbx
