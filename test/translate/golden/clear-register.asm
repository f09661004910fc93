; XOR of a register with itself.
        xor eax, eax
