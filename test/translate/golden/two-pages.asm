; What goes on on another page asks the TLB whether that is where it was.
        add   rax, 1
        jmp   there
        align 4096
there:  add   rbx, rax
