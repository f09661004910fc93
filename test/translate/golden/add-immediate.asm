; Immediates are constants.
        add rax, -5
