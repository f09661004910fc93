; POP.
        pop rax
