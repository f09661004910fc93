        mov   eax, ss
