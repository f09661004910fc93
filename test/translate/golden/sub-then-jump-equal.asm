; A difference and a condition are one comparison.
next: sub rax, rbx
        je next
