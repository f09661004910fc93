; With a constant, extended when it is written.
next: cmp ax, -3
        jge next
