; Flags that nobody reads are not computed.
        add rax, 1
        add rax, 2
        add rax, 3
