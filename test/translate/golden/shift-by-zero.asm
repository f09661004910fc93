; A count of 0 leaves nothing.
        shl eax, 32
