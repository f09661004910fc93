; A few elements are copied here, more by the interpreter.
        mov   ecx, edx
        rep movsq
        add   rax, 1
