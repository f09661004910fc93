; A function.
        bswap rax
