; One byte is never on two pages.
        movzx eax, byte [rbx]
