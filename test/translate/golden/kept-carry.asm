; INC keeps CF, from whatever it follows.
        add rax, rbx
        inc rcx
