; The upper half is a function.
        mul rbx
