; 16 bytes, aligned.
        movdqa xmm0, [rbx]
