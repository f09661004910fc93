; A count that is known leaves no condition.
        shl rax, 3
