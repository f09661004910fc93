; Unsigned.
next: cmp rax, rbx
        jbe next
