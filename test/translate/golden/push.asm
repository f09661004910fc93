; PUSH.
        push rax
