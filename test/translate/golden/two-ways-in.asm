; A loop that is entered in its middle goes by the dispatcher.
        test ecx, 1
        jz middle
first: add rax, 1
middle: add rbx, 1
        dec ecx
        jnz first
