; Two ways that meet.
next: test ecx, 1
        jz even
        add rax, 1
        jmp both
even: add rbx, 1
both: dec ecx
        jnz next
