; Signed.
next: cmp eax, ebx
        jl next
