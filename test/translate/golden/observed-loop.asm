; A processor that is observed: its accesses, when an instruction is done, and its branches; what that costs is taken from the budget.
next:   add   [rdi], rax
        push  qword [rsi]
        dec   ecx
        jnz   next
        ret
