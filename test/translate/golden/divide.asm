; A divisor of 0 is the interpreter's.
        div ebx
