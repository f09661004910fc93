; A load that is allowed to write.
        add dword [rbx], 3
