; Pages of code never match the table of writes.
        mov [rbx], rax
