; A condition as a byte.
        cmp rcx, rdx
        setb al
