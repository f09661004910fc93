; A result of 32 bits clears the upper half.
        add eax, ebx
