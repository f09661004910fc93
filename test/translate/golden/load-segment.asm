; A segment with a base.
        mov rax, [fs:8]
