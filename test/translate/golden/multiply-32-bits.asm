; No function.
        imul eax, ebx, 100
